/** Formulas in texts that come late: where MathJax sets them, it has to be told. */

interface MathJax {
  startup?: { promise?: Promise<unknown> };
  typesetPromise?(elements: Element[]): Promise<unknown>;
}

declare global {
  interface Window {
    MathJax?: MathJax;
  }
}

/** Set the formulas of a text that is about to be put into the page. */
export function setFormulas(root: ParentNode): void {
  const formulas = [...root.querySelectorAll(".math")];
  if (!formulas.length || !window.MathJax) return;
  requestAnimationFrame(async () => {
    // Before it has started it sets the whole page by itself.
    await window.MathJax?.startup?.promise;
    await window.MathJax?.typesetPromise?.(formulas.filter((one) => one.isConnected));
  });
}
