/** Practice: every question of the pool, no limits, nothing counted or kept. */

import { h53 } from "../core/hash";
import { freshEntry } from "../core/state";
import type { Answer, AttemptItem, ItemData, QuizData } from "../core/types";

export class Practice {
  private readonly items: ItemData[];
  private at = 0;
  entry: AttemptItem;

  constructor(
    data: QuizData,
    readonly seed: string,
  ) {
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
  }

  show(): void {
    this.entry = { ...this.entry, state: "wrong" };
  }
}
