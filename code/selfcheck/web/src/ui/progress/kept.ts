/**
 * What a review keeps beside the states, so that a reload loses nothing.
 *
 * Where the reader stands belongs to the tab: two tabs may review side by side. What is
 * typed and not submitted belongs to the record, as in a quiz.
 */

import type { Answer, GradeRecord } from "../../core/types";
import type { Store } from "../../store";

/** A question that was settled and still stands on the screen. */
export interface Settled {
  quiz: string;
  family: string;
  key: string;
}

/** Where a review stands; there is none while it is not open. */
interface Place {
  /** The family on the desk; empty between two questions. */
  at: string;
  done: number;
  right: number;
  settled: Settled | null;
}

/** The name of its draft: no quiz can have it. */
export const REVIEW = "~review";

export class Kept {
  private place: Place | null;

  constructor(private readonly store: Store) {
    this.place = this.stored();
  }

  private get key(): string {
    return `selfcheck:${this.store.book}:${REVIEW}`;
  }

  private stored(): Place | null {
    try {
      return JSON.parse(sessionStorage.getItem(this.key) ?? "null") as Place | null;
    } catch {
      return null; // no storage, or something else under the name
    }
  }

  private put(place: Place | null): void {
    this.place = place;
    try {
      if (place) sessionStorage.setItem(this.key, JSON.stringify(place));
      else sessionStorage.removeItem(this.key);
    } catch {
      // without storage the place is known until the page closes
    }
  }

  /** Whether a review was begun and not left. */
  get open(): boolean {
    return this.place !== null;
  }

  get at(): string {
    return this.place?.at ?? "";
  }

  set at(key: string) {
    if (this.place && key !== this.at) this.put({ ...this.place, at: key });
  }

  get settled(): Settled | null {
    return this.place?.settled ?? null;
  }

  get done(): number {
    return this.place?.done ?? 0;
  }

  get right(): number {
    return this.place?.right ?? 0;
  }

  begin(): void {
    this.put({ at: "", done: 0, right: 0, settled: null });
  }

  leave(): void {
    this.put(null);
  }

  /** The next question may come. */
  clear(): void {
    if (this.place) this.put({ ...this.place, at: "", settled: null });
  }

  settle(settled: Settled, right: boolean): void {
    if (!this.place) return;
    const done = this.done + 1;
    this.put({ ...this.place, settled, done, right: this.right + Number(right) });
  }

  /** What is typed and not submitted, and the grader's last word. */
  typed(key: string): { draft: Answer | undefined; record: GradeRecord | undefined } {
    const { answers, records } = this.store.draft(REVIEW);
    return { draft: answers[key], record: records[key] };
  }

  type(key: string, answer: Answer | null, record?: GradeRecord): void {
    this.store.setDraft(REVIEW, (draft) => {
      if (answer) draft.answers[key] = answer;
      else delete draft.answers[key];
      if (record) draft.records[key] = record;
    });
  }

  forget(key: string): void {
    this.store.setDraft(REVIEW, (draft) => {
      delete draft.answers[key];
      delete draft.records[key];
    });
  }
}
