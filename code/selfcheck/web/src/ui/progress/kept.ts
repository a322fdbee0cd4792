/** What a review keeps in the browser beside the states: a reload loses nothing. */

import type { Answer, GradeRecord } from "../../core/types";
import type { Draft, Store } from "../../store";

/** A question that was settled and still stands on the screen. */
export interface Settled {
  quiz: string;
  family: string;
  key: string;
}

interface Content extends Draft {
  done?: number;
  right?: number;
  settled?: Settled | null;
}

/** The name of its draft: no quiz can have it. */
export const REVIEW = "~review";

export class Kept {
  constructor(private readonly store: Store) {}

  private get content(): Content {
    return this.store.draft(REVIEW);
  }

  private change(change: (content: Content) => void): void {
    this.store.setDraft(REVIEW, change);
  }

  /** Whether a review was begun and not left. */
  get open(): boolean {
    return this.content.at !== undefined;
  }

  /** The family on the desk; empty between two questions. */
  get at(): string {
    return this.content.at ?? "";
  }

  set at(key: string) {
    if (this.open && this.at === key) return;
    this.change((content) => (content.at = key));
  }

  get settled(): Settled | null {
    return this.content.settled ?? null;
  }

  get done(): number {
    return this.content.done ?? 0;
  }

  get right(): number {
    return this.content.right ?? 0;
  }

  begin(): void {
    this.change((content) => {
      Object.assign(content, { at: "", done: 0, right: 0, settled: null });
    });
  }

  leave(): void {
    this.change((content) => {
      delete content.at;
      content.settled = null;
    });
  }

  /** Forget the review with all that is typed in it. */
  wipe(): void {
    this.change((content) => {
      delete content.at;
      Object.assign(content, { settled: null, answers: {}, records: {} });
    });
  }

  /** The next question may come. */
  clear(): void {
    this.change((content) => {
      content.at = "";
      content.settled = null;
    });
  }

  settle(settled: Settled, right: boolean): void {
    this.change((content) => {
      content.settled = settled;
      content.done = (content.done ?? 0) + 1;
      content.right = (content.right ?? 0) + Number(right);
    });
  }

  /** What is typed and not submitted, and the grader's last word. */
  typed(key: string): { draft: Answer | undefined; record: GradeRecord | undefined } {
    const { answers, records } = this.content;
    return { draft: answers[key], record: records[key] };
  }

  type(key: string, answer: Answer | null, record?: GradeRecord): void {
    this.change((content) => {
      if (answer) content.answers[key] = answer;
      else delete content.answers[key];
      if (record) content.records[key] = record;
    });
  }

  forget(key: string): void {
    this.change((content) => {
      delete content.answers[key];
      delete content.records[key];
    });
  }
}
