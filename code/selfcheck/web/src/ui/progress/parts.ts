/** The parts of the page under their headings, and the notes above them. */

import { button, h } from "../dom";

export interface Part {
  element: HTMLElement;
  title: HTMLElement;
  body: HTMLElement;
}

export function part(name: string, title: string): Part {
  const id = `progress-${name}`;
  const heading = h("h2", { id, tabindex: "-1" }, title);
  const body = h("div", { class: `sc-part-${name}` });
  const element = h("section", { "aria-labelledby": id }, heading, body);
  return { element, title: heading, body };
}

/** What the reader must know: of the storage, of other tabs, of what did not load. */
export function notes(
  words: string[],
  missing: string[],
  again: () => void,
): HTMLElement[] {
  const said = words.filter(Boolean).map((note) => h("p", { class: "sc-note" }, note));
  if (!missing.length) return said;
  const rest = `Not everything could be loaded, and nothing is lost: ${missing.join("; ")}. `;
  return [...said, h("p", { class: "sc-note" }, rest, button("Try again", again))];
}

/** Give the focus to what `focus` finds in a part, or to its title, and show it. */
export function moveTo({ title, body }: Part, focus: string): void {
  const found = body.querySelector<HTMLElement>(focus);
  const place = found ?? body.querySelector<HTMLElement>(".sc-result") ?? title;
  place.focus({ preventScroll: true });
  const { top } = place.getBoundingClientRect();
  if (place.matches(".sc-verdict, .sc-settled")) {
    // The way onward, too, where both fit; the verdict above all.
    body.querySelector(".sc-onward")?.scrollIntoView({ block: "nearest" });
    place.scrollIntoView({ block: "nearest" });
  } else if (top < 100 || top > 0.7 * innerHeight) title.scrollIntoView();
}

/** Put new content in the place of old; what the reader opened or closed stays so. */
export function redraw(body: HTMLElement, content: HTMLElement[]): void {
  const before = [...body.querySelectorAll<HTMLDetailsElement>("details[id]")];
  const open = new Map(before.map((details) => [details.id, details.open]));
  body.replaceChildren(...content);
  for (const details of body.querySelectorAll<HTMLDetailsElement>("details[id]")) {
    details.open = open.get(details.id) ?? details.open;
  }
}
