export type Child = Node | string | null | undefined | false;
type Value = string | number | boolean | null | undefined | ((event: Event) => void);
export type Props = Record<string, Value>;

/** Make an element: `h("button", {type: "button", onclick: run}, "Run")`. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  props: Props = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (typeof value === "function") element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value != null)
      element.setAttribute(name, String(value));
  }
  element.append(...children.filter((child): child is Node | string => Boolean(child)));
  return element;
}

/** A fragment from HTML that the book's own build rendered. */
export function html(text: string): DocumentFragment {
  const template = document.createElement("template");
  template.innerHTML = text;
  return template.content;
}

const shapes = {
  right: "M3.5 8.5l3 3 6-7",
  wrong: "M4 4l8 8M12 4l-8 8",
  open: "M8 2.5a5.5 5.5 0 1 1 0 11a5.5 5.5 0 1 1 0-11",
};

/** A small drawn mark beside a word that says the same. */
export function icon(name: keyof typeof shapes): SVGElement {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("class", `sc-icon sc-icon-${name}`);
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(space, "path");
  path.setAttribute("d", shapes[name]);
  svg.append(path);
  return svg;
}

export function button(label: string, act: () => void, look = ""): HTMLButtonElement {
  return h(
    "button",
    { type: "button", class: `sc-button ${look}`, onclick: act },
    label,
  );
}

/** Text that only assistive technology reads. */
export function unseen(text: string): HTMLElement {
  return h("span", { class: "sc-unseen" }, text);
}

/** Let the keyboard scroll what is wider than its box. */
export function letScroll(root: ParentNode): void {
  requestAnimationFrame(() => {
    for (const box of root.querySelectorAll<HTMLElement>("pre, .sc-scroll")) {
      if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
    }
  });
}

let last = 0;

/** A fresh id for a label or a description. */
export function freshId(): string {
  return `sc-${++last}`;
}

/** "1 question", "8 questions". */
export function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? "" : "s"}`;
}

/** A heading one level below that of the section around the quiz. */
export function headingBelow(root: HTMLElement, text: string): HTMLElement {
  const around = root.parentElement?.closest("section:not(.selfcheck)");
  const above =
    around?.querySelector(":scope > :is(h1, h2, h3, h4, h5)")?.tagName ?? "H1";
  const level = `h${Number(above[1]) + 1}` as "h2";
  return h(level, { class: "sc-title", tabindex: "-1" }, text);
}

/** Eight letters and digits that no one can foresee. */
export function freshSeed(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(8));
  return [...bytes]
    .map((byte) => "abcdefghijkmnpqrstuvwxyz23456789"[byte % 32])
    .join("");
}
