/** The rendered prompts and options of a pool, taken out of the page. */

export class Pool {
  private articles = new Map<string, HTMLElement>();

  constructor(section: HTMLElement) {
    const root = section.querySelector(".sc-pool");
    for (const article of root?.querySelectorAll<HTMLElement>(".sc-item") ?? []) {
      const { item = "", variant = "0" } = article.dataset;
      this.articles.set(`${item}|${variant}`, article);
    }
    root?.remove();
  }

  private article(id: string, variant: number): HTMLElement {
    const found = this.articles.get(`${id}|${variant}`);
    if (!found)
      throw new Error(`expected the text of question ${id} (${variant}) in the page`);
    return found;
  }

  /** A copy of the prompt. */
  prompt(id: string, variant: number): Node {
    return copy(this.article(id, variant).querySelector(".sc-prompt"));
  }

  /** A copy of the text of an option or a line. */
  option(id: string, variant: number, index: number): Node {
    const article = this.article(id, variant);
    return copy(article.querySelector(`.sc-options > [data-option="${index}"]`));
  }
}

/** The children of `source`, without ids: a copy may stand beside another. */
function copy(source: Element | null): DocumentFragment {
  const fragment = document.createDocumentFragment();
  if (!source) return fragment;
  const clone = source.cloneNode(true) as Element;
  for (const element of clone.querySelectorAll("[id]")) element.removeAttribute("id");
  for (const element of clone.querySelectorAll("button.copybtn")) element.remove();
  fragment.append(...clone.childNodes);
  return fragment;
}
