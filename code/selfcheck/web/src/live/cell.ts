/** A cell of the page that became live: an editor, its buttons, its output. */

import type { Editor } from "../bundle";
import { editor } from "../code/editor";
import { button, h } from "../ui/dom";
import { Output } from "./output";

export interface CellActions {
  run(cell: Cell): void;
  runTo(cell: Cell): void;
  interrupt(): void;
}

export class Cell {
  readonly output: Output;
  private readonly editor: Editor;
  private readonly source: string;
  private readonly stop: HTMLButtonElement;
  private readonly buttons: HTMLButtonElement[];
  private readonly said = h("span", { class: "sc-cell-said", role: "status" });
  private readonly before: Node[];

  constructor(
    private readonly element: HTMLElement,
    pre: HTMLElement,
    number: number,
    actions: CellActions,
  ) {
    this.source = (pre.textContent ?? "").replace(/\n$/, "");
    this.editor = editor({
      value: this.source,
      label: `Code of cell ${number}`,
      run: () => actions.run(this),
    });
    this.stop = button("Interrupt", () => actions.interrupt(), "sc-small");
    this.buttons = [
      button("Run", () => actions.run(this), "sc-small"),
      button("Run to here", () => actions.runTo(this), "sc-small"),
      button("Reset", () => this.reset(), "sc-small sc-quiet"),
    ];
    const tools = h(
      "div",
      { class: "sc-cell-tools" },
      ...this.buttons,
      this.stop,
      this.said,
    );
    this.stop.hidden = true;
    (pre.closest<HTMLElement>(".highlight") ?? pre).replaceWith(
      this.editor.element,
      tools,
    );
    const found = element.querySelector<HTMLElement>(".cell_output");
    const box = found ?? h("div", { class: "cell_output docutils container" });
    if (!found) element.append(box);
    this.before = [...box.childNodes];
    this.output = new Output(box);
  }

  get code(): string {
    return this.editor.value;
  }

  /** Show that the cell waits its turn or runs; `words` says which. */
  begin(words: string, running: boolean): void {
    this.element.dataset.live = running ? "running" : "waiting";
    this.say(words);
    this.stop.hidden = !running;
    for (const one of this.buttons) one.disabled = true;
    if (!running) return;
    this.output.clear();
    this.output.element.setAttribute("aria-busy", "true");
  }

  end(outcome: string, words: string): void {
    this.element.dataset.live = outcome;
    this.output.element.removeAttribute("aria-busy");
    const focused = document.activeElement === this.stop;
    this.stop.hidden = true;
    for (const one of this.buttons) one.disabled = false;
    if (focused) this.buttons[0]?.focus();
    this.say(words);
  }

  say(words: string): void {
    this.said.textContent = words;
  }

  /** The code and the output that the book was printed with. */
  private reset(): void {
    this.editor.value = this.source;
    this.output.clear();
    this.output.element.append(...this.before);
    delete this.element.dataset.live;
    this.say("");
  }
}
