/** Your record: where it is, and the ways to save, load, and erase it. */

import type { Store } from "../../store";
import { button, freshId, h } from "../dom";
import { save } from "../files";
import { begun, type Library } from "./book";
import { REVIEW } from "./kept";

const ALL = "";

export class Record {
  readonly element: HTMLElement;
  private readonly said = h("p", { class: "sc-said", role: "status" });
  private readonly eraser = h("div", { class: "sc-eraser" });

  /** `act` runs what changes the record, and lets the page draw it anew. */
  constructor(
    private readonly store: Store,
    private readonly library: Library,
    private readonly act: (change: () => void) => void,
  ) {
    this.element = h(
      "div",
      {},
      where(store),
      h(
        "div",
        { class: "sc-actions" },
        button("Save to a file", () => save(store)),
        ...this.loader(),
      ),
      this.eraser,
      this.said,
    );
    this.update();
  }

  /** Offer what can be erased now. */
  update(): void {
    this.eraser.replaceChildren(...this.choice());
  }

  say(words: string): void {
    this.said.textContent = words;
  }

  private loader(): HTMLElement[] {
    const id = freshId();
    const pick = h("input", {
      type: "file",
      id,
      accept: ".json,application/json",
      class: "sc-file",
    });
    pick.addEventListener("change", () => {
      const [file] = pick.files ?? [];
      if (file) void this.load(file);
      pick.value = ""; // the same file may be chosen again
    });
    // unseen, yet it takes the focus and shows it on its label
    return [pick, h("label", { for: id, class: "sc-button" }, "Load a file")];
  }

  private async load(file: File): Promise<void> {
    try {
      const text = await file.text();
      let quizzes: string[] = [];
      this.act(() => (quizzes = this.store.import(text)));
      const names = quizzes.map((quiz) => this.library.title(quiz));
      this.say(
        `Loaded from ${file.name}: ${names.join(", ") || "no quiz"}. What stood here ` +
          "before is kept aside in this browser.",
      );
    } catch (error) {
      this.say(`${file.name}: ${(error as Error).message}. Nothing was changed.`);
    }
  }

  /** What to erase, chosen from a list. */
  private choice(): HTMLElement[] {
    const met = Object.entries(this.library.states).filter(([, state]) => begun(state));
    if (!met.length) return [];
    const id = freshId();
    const options = met.map(([quiz]) =>
      h("option", { value: quiz }, this.library.title(quiz)),
    );
    const select = h(
      "select",
      { id, class: "sc-select" },
      ...options,
      h("option", { value: ALL }, "Everything"),
    );
    return [
      h("label", { for: id }, "Erase the record of"),
      select,
      button("Erase", () => this.confirm(select.value)),
    ];
  }

  /** Say what would be lost, and offer a copy before anything is. */
  private confirm(quiz: string): void {
    const title = quiz === ALL ? "all quizzes" : this.library.title(quiz);
    const label = freshId();
    const copy = button("Save to a file first", () => save(this.store), "sc-primary");
    const box = h(
      "div",
      { class: "sc-confirm", role: "group", "aria-labelledby": label },
      h(
        "p",
        { id: label },
        h("strong", {}, `Erase the record of ${title}?`),
        " Attempts, levels, review, and what you said of your answers will be gone. " +
          "A file saved before brings them back.",
      ),
      h(
        "div",
        { class: "sc-actions" },
        copy,
        button(`Erase ${quiz === ALL ? "everything" : "it"}`, () => this.erase(quiz)),
        button("Cancel", () => this.cancel(), "sc-quiet"),
      ),
    );
    this.say("");
    this.eraser.replaceChildren(box);
    copy.focus();
  }

  private cancel(): void {
    this.update();
    this.eraser.querySelector("select")?.focus();
  }

  private erase(quiz: string): void {
    const title = quiz === ALL ? "all quizzes" : this.library.title(quiz);
    this.act(() => this.store.erase(quiz === ALL ? "all" : [quiz, REVIEW]));
    this.eraser.replaceChildren(); // until the page has read what is left
    this.say(`The record of ${title} is erased from this browser.`);
    this.said.tabIndex = -1;
    this.said.focus();
  }
}

function where(store: Store): HTMLElement {
  return h(
    "p",
    {},
    "Everything on this page is kept in this browser, under the name ",
    h("code", {}, `selfcheck:${store.book}`),
    ", and is sent nowhere. Another browser, and another address of the book, has a " +
      "record of its own; terminal and notebooks share one. All of them read and write " +
      "the same file: what is saved here is loaded there, by ",
    h("code", {}, "selfcheck progress import"),
    " in a terminal, and what ",
    h("code", {}, "selfcheck progress export"),
    " wrote is loaded here. Loading a file replaces the quizzes that are in it.",
  );
}
