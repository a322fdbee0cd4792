/** Put lines in order with buttons: no dragging, so every pointer and key can. */

import type { Answer } from "../core/types";
import type { Control, ControlOptions } from "./controls";
import { button, h, letScroll } from "./dom";

/** Two lists: the reader's program above, the lines left over below. */
export function lines(options: ControlOptions): Control {
  const { item, entry, settled } = options;
  const used: number[] = [...(options.answer?.lines ?? [])];
  const program = h("ol", { class: "sc-lines" });
  const rest = h("ul", { class: "sc-lines sc-lines-rest" });
  const said = h("p", { class: "sc-unseen", role: "status" });
  const read = (): Answer | null => (used.length ? { lines: [...used] } : null);

  const words = (line: number): string => {
    const text = options.pool.option(item.id, entry.variant, line).textContent ?? "";
    return text.trim();
  };
  const act = (line: number, change: () => void, next: string): void => {
    change();
    draw();
    options.changed(read());
    said.textContent = `${words(line)}: ${where(line)}`;
    const row = element.querySelector<HTMLElement>(`[data-line="${line}"]`);
    const again = row?.querySelector<HTMLButtonElement>(`[data-act="${next}"]:enabled`);
    (again ?? row?.querySelector<HTMLButtonElement>("button:enabled"))?.focus();
  };
  const move = (line: number, by: number): void => {
    const at = used.indexOf(line);
    used.splice(at, 1);
    used.splice(at + by, 0, line);
  };
  const tool = (
    line: number,
    name: string,
    change: () => void,
    off = false,
  ): HTMLElement => {
    const made = button(name, () => act(line, change, name), "sc-small");
    made.dataset.act = name;
    made.disabled = off || settled;
    made.setAttribute("aria-label", `${name}: ${words(line)}`);
    return made;
  };
  const where = (line: number): string => {
    const at = used.indexOf(line);
    return at < 0 ? "not used" : `line ${at + 1} of ${used.length}`;
  };
  const row = (line: number, ...tools: HTMLElement[]): HTMLElement => {
    const text = h(
      "div",
      { class: "sc-line-text" },
      options.pool.option(item.id, entry.variant, line),
    );
    return h(
      "li",
      { "data-line": line },
      text,
      h("div", { class: "sc-line-tools" }, ...tools),
    );
  };
  const draw = (): void => {
    program.replaceChildren(
      ...used.map((line, at) =>
        row(
          line,
          tool(line, "Up", () => move(line, -1), at === 0),
          tool(line, "Down", () => move(line, 1), at === used.length - 1),
          tool(line, "Remove", () => void used.splice(used.indexOf(line), 1)),
        ),
      ),
    );
    const left = entry.order.filter((line) => !used.includes(line));
    rest.replaceChildren(
      ...left.map((line) =>
        row(
          line,
          tool(line, "Add", () => void used.push(line)),
        ),
      ),
    );
    letScroll(element);
  };
  const element = h(
    "div",
    { class: "sc-order" },
    h("p", { class: "sc-label" }, "Your order"),
    program,
    h("p", { class: "sc-label" }, "Lines not used"),
    rest,
    said,
  );
  draw();
  const complaint = (): string => (used.length ? "" : "Add at least one line first.");
  return { element, read, complaint };
}
