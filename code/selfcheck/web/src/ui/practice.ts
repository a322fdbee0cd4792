/** Practice: every question of the pool, no limits, nothing counted. */

import { h53 } from "../core/hash";
import { freshEntry } from "../core/state";
import type { Answer, AttemptItem, ItemData, QuizData } from "../core/types";
import type { Desk, Work } from "./asked";
import { button, count, h } from "./dom";

export class Practice {
  private readonly items: ItemData[];
  readonly retire: number;
  private at = 0;
  entry: AttemptItem;

  constructor(
    data: QuizData,
    readonly seed: string,
    /** Called with each question whose answer was shown: it rests then. */
    private readonly shown: (item: string) => void,
  ) {
    this.retire = data.retire;
    const place = new Map(data.items.map(({ id }) => [id, h53(id, h53(seed))]));
    // No limit of tries: the item that is asked says so itself.
    this.items = data.items
      .map((item) => ({ ...item, tries: Infinity }))
      .sort((a, b) => (place.get(a.id) as number) - (place.get(b.id) as number));
    this.entry = freshEntry(this.item, seed);
  }

  get item(): ItemData {
    return this.items[this.at] as ItemData;
  }

  get place(): string {
    return `Practice, question ${this.at + 1} of ${this.items.length}`;
  }

  next(): void {
    this.at = (this.at + 1) % this.items.length;
    this.entry = freshEntry(this.item, `${this.seed}-${this.at}`);
  }

  answer(answer: Answer, right: boolean): void {
    const tried = { answer, right, at: new Date().toISOString() };
    this.entry = {
      ...this.entry,
      tries: [...this.entry.tries, tried],
      state: right ? "right" : "open",
      points: right ? 1 : 0,
    };
    if (right) this.shown(this.item.id);
  }

  show(): void {
    this.entry = { ...this.entry, state: "wrong" };
    this.shown(this.item.id);
  }
}

/** The question that is practiced, and the ways onward; `say` redraws the screen. */
export function practiceScreen(
  practice: Practice,
  desk: Desk,
  say: { settled(): void; moved(): void; leave(): void },
): HTMLElement[] {
  const { item, entry, place, seed } = practice;
  const then = (change: () => void, redraw: () => void): void => {
    change();
    redraw();
  };
  const work: Work = {
    ...{ item, entry, place, mode: "practice", keyOpen: true },
    ...{ draft: undefined, record: undefined, keep: () => undefined },
    answer: (answer, right) => then(() => practice.answer(answer, right), say.settled),
    giveUp: () => then(() => practice.show(), say.settled),
  };
  const look = entry.state === "open" ? "sc-quiet" : "sc-primary";
  return [
    h("p", { class: "sc-note" }, note(practice.retire)),
    desk.ask(work, seed),
    h(
      "div",
      { class: "sc-actions sc-onward" },
      button("Another question", () => then(() => practice.next(), say.moved), look),
      button("Leave practice", say.leave, "sc-quiet"),
    ),
  ];
}

function note(days: number): string {
  const rest = days
    ? ` A question whose answer you see here rests for ${count(days, "day")} before an attempt asks it again.`
    : "";
  return `Practice: nothing is counted.${rest}`;
}
