/** A reader's state of one quiz, as it is stored: what the screens show and change. */

import { current, gate, reduce, type QuizEvent } from "../core";
import type { QuizData, QuizState } from "../core/types";
import type { Store } from "../store";
import { count } from "./dom";
import type { Shut } from "./gate";

type Timeless<E> = E extends { now: string } ? Omit<E, "now"> : never;
export type Act = Timeless<QuizEvent>;

const ELSEWHERE =
  "This quiz went on in another tab, or was loaded from a file. Here is how it stands now.";
const FORGOTTEN =
  "The record of this quiz was erased in this browser, so the quiz begins anew.";

/** What became of the stored state outside this session. */
export type News = "nothing" | "beside" | "attempts";

export class Session {
  state: QuizState;
  /** What the reader is to be told of the state; empty when all is as it was. */
  notice = "";

  constructor(
    readonly data: QuizData,
    private readonly store: Store,
  ) {
    this.state = store.quiz(data.quiz);
  }

  get shut(): Shut | null {
    return gate(this.data, this.state, now());
  }

  /** Fit the state to the book and the clock as they are now. */
  fit(): void {
    const before = current(this.state)?.items ?? [];
    const event = { type: "load", now: now() } as const;
    const fitted = reduce(this.data, this.state, event);
    if (same(fitted, this.state)) return;
    this.state = this.store.dispatch(this.data, event);
    const known = new Map(before.map((entry) => [entry.id, entry.rev]));
    const after = current(this.state)?.items ?? [];
    const fresh = after.filter(({ id, rev }) => known.get(id) !== rev).length;
    const gone = Math.max(0, before.length - after.length);
    this.notice = upgraded(fresh, gone);
  }

  /** Take over what another tab, or a loaded file, made of this quiz. */
  look(): News {
    const stored = this.store.quiz(this.data.quiz);
    const before = this.state;
    if (same(stored, before)) return "nothing";
    this.state = stored;
    if (same(stored.rounds, before.rounds)) return "beside";
    const forgotten = before.rounds.length > 0 && !stored.rounds.length;
    this.notice = forgotten ? FORGOTTEN : ELSEWHERE;
    return "attempts";
  }

  /**
   * Apply an event to the stored state.
   *
   * Returns false, and changes nothing, when the attempts stored are not those that
   * the reader sees: what was meant for one question must not hit another.
   */
  act(event: Act): boolean {
    const stored = this.store.quiz(this.data.quiz);
    if (!same(stored.rounds, this.state.rounds)) return false;
    this.notice = "";
    this.tell(event);
    return true;
  }

  /** Apply an event that holds whatever the reader sees. */
  tell(event: Act): void {
    this.state = this.store.dispatch(this.data, { ...event, now: now() } as QuizEvent);
  }
}

export function now(): string {
  return new Date().toISOString();
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** What to say of an open attempt whose questions a new edition of the book changed. */
function upgraded(fresh: number, gone: number): string {
  if (!fresh && !gone) return "";
  const words = [
    fresh
      ? `${count(fresh, "open question")} of this attempt ${are(fresh)} asked anew`
      : "",
    gone ? `${count(gone, "open question")} ${are(gone)} no longer in it` : "",
  ];
  return `The book has changed: ${words.filter(Boolean).join(", ")}. What you answered stands.`;
}

function are(n: number): string {
  return n === 1 ? "is" : "are";
}
