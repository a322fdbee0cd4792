/** What can be said of rounds, attempts, and entries; the rules of `selfcheck.rounds`. */

import { optionOrder, variant } from "./sampler";
import type {
  Answer,
  Attempt,
  AttemptItem,
  Confidence,
  ItemData,
  ItemType,
  QuizData,
  QuizState,
  Round,
} from "./types";

export type RuledItem = Pick<
  ItemData,
  | "id"
  | "rev"
  | "family"
  | "stratum"
  | "type"
  | "objective"
  | "variants"
  | "options"
  | "tries"
>;

/** The public part of a payload: all that the rules need to know of a quiz. */
export type Rules = Pick<
  QuizData,
  "draw" | "pass" | "attempts" | "gate" | "retire" | "review"
> & { items: RuledItem[] };

export interface Summary {
  points: number;
  of: number;
  right: number;
  open: number;
  waiting: number;
  missed: string[];
  passed: boolean;
}

/** One try, as an event carries it. */
export interface Tried {
  answer: Answer;
  right: boolean;
  confidence?: Confidence | null;
  now: string;
}

export const CONFIDENCES: readonly Confidence[] = ["guess", "unsure", "sure"];

export function itemsOf(quiz: Rules): Map<string, RuledItem> {
  return new Map(quiz.items.map((item) => [item.id, item]));
}

/** An item as it is asked under `seed`, before any answer. */
export function freshEntry(
  item: RuledItem,
  seed: string,
  number = variant(item.id, item.variants, seed),
): AttemptItem {
  return {
    id: item.id,
    rev: item.rev,
    stratum: item.stratum,
    variant: number,
    order: optionOrder(item.id, item.options, seed),
    tries: [],
    state: "open",
    points: 0,
  };
}

/** Points of an item answered right at its `nth` try (from 1). */
export function worth(type: ItemType, nth: number): number {
  return type === "code" || nth === 1 ? 1 : 0.5;
}

/** Use one try of an open entry; a right one settles it, and so does the last. */
export function addTry(item: RuledItem, entry: AttemptItem, event: Tried): void {
  const { answer, right, confidence, now } = event;
  const doubt = confidence && CONFIDENCES.includes(confidence) ? { confidence } : {};
  entry.tries.push({ answer, right, at: now, ...doubt });
  if (right) {
    entry.state = "right";
    entry.points = worth(item.type, entry.tries.length);
  } else if (entry.tries.length >= item.tries) {
    entry.state = "wrong";
  }
}

/** How sure the reader was at the first try. */
export function confidenceOf(entry: AttemptItem): Confidence | null {
  return entry.tries[0]?.confidence ?? null;
}

export function attemptsOf({ rounds }: Pick<QuizState, "rounds">): Attempt[] {
  return rounds.flatMap(({ attempts }) => attempts);
}

/** When an entry was settled, as well as the record tells. */
export function settledAt(attempt: Attempt, { tries }: AttemptItem): string {
  return tries[tries.length - 1]?.at ?? attempt.finished ?? attempt.started;
}

export function lastRound(state: QuizState): Round | undefined {
  return state.rounds[state.rounds.length - 1];
}

export function lastAttempt(state: QuizState): Attempt | undefined {
  const attempts = lastRound(state)?.attempts ?? [];
  return attempts[attempts.length - 1];
}

/** The open attempt, if there is one. */
export function current(state: QuizState): Attempt | undefined {
  const last = lastAttempt(state);
  return last && last.finished === null ? last : undefined;
}

/** Whether a round takes no more attempts: all are used, or one passed. */
export function isOver(quiz: Rules, round: Round): boolean {
  const { attempts } = round;
  if (attempts.some((attempt) => attempt.finished === null)) return false;
  return hasPassed(quiz, round) || attempts.length >= quiz.attempts;
}

export function hasPassed(quiz: Rules, { attempts }: Round): boolean {
  return attempts.some((attempt) => summary(quiz, attempt).passed);
}

/** Whether the key of an entry of `round` may be shown. */
export function keyIsOpen(quiz: Rules, round: Round, entry: AttemptItem): boolean {
  return entry.state === "right" || isOver(quiz, round);
}

/** Points, what is right, open, or missed, and whether the attempt passed. */
export function summary(quiz: Rules, attempt: Attempt): Summary {
  const items = itemsOf(quiz);
  const entries = attempt.items;
  const known = (state: string): RuledItem[] =>
    entries.flatMap((entry) => {
      const item = items.get(entry.id);
      return item && entry.state === state ? [item] : [];
    });
  const open = known("open");
  const points = entries.reduce((sum, entry) => sum + entry.points, 0);
  const must = entries.every((entry) => {
    const stratum = entry.stratum || items.get(entry.id)?.stratum;
    return entry.state === "right" || !quiz.pass.must.includes(stratum ?? "");
  });
  return {
    points,
    of: entries.length,
    right: entries.filter(({ state }) => state === "right").length,
    open: open.length,
    waiting: open.filter(({ type }) => type === "code").length,
    missed: [...new Set(known("wrong").map(({ objective }) => objective))].sort(),
    passed: attempt.finished !== null && points >= quiz.pass.at_least && must,
  };
}
