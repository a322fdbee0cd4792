/** What a reader did in a quiz; the rules are those of `selfcheck.state`. */

import { optionOrder, sample, variant } from "./sampler";
import type {
  Answer,
  Attempt,
  AttemptItem,
  ItemData,
  ItemType,
  QuizData,
  QuizState,
  Round,
} from "./types";

/** The public part of a payload: all that the rules need to know of a quiz. */
export type Rules = Pick<QuizData, "draw" | "pass" | "attempts"> & {
  items: Pick<
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
  >[];
};

export type QuizEvent = { now: string } & (
  | { type: "start"; seed: string }
  | { type: "answer"; item: string; answer: Answer; right: boolean }
  | { type: "give_up"; item: string }
  | { type: "finish" }
  | { type: "load" }
  | { type: "reset" }
);

export interface Summary {
  points: number;
  of: number;
  right: number;
  open: number;
  waiting: number;
  missed: string[];
  passed: boolean;
}

export function emptyQuiz(): QuizState {
  return { rounds: [], seen: {}, retired: {} };
}

/** The state after `event`; an event that does not apply changes nothing. */
export function reduce(
  quiz: Rules,
  state: QuizState | null,
  event: QuizEvent,
): QuizState {
  const after: QuizState = state ? JSON.parse(JSON.stringify(state)) : emptyQuiz();
  switch (event.type) {
    case "start":
      start(quiz, after, event.seed, event.now);
      break;
    case "answer":
      answer(quiz, after, event);
      break;
    case "give_up":
      settle(after, event.now, ({ id }) => id === event.item);
      break;
    case "finish":
      settle(after, event.now, () => true);
      break;
    case "load":
      load(quiz, after);
      break;
    case "reset":
      after.rounds = [];
      after.retired = {};
      break;
    default:
      throw new Error(`unknown event '${(event as { type: string }).type}'`);
  }
  return after;
}

/** Points of an item answered right at its `nth` try (from 1). */
export function worth(type: ItemType, nth: number): number {
  return type === "code" || nth === 1 ? 1 : 0.5;
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
  const passed = attempts.some((attempt) => summary(quiz, attempt).passed);
  return passed || attempts.length >= quiz.attempts;
}

/** Whether the key of an entry of `round` may be shown. */
export function keyIsOpen(quiz: Rules, round: Round, entry: AttemptItem): boolean {
  return entry.state === "right" || isOver(quiz, round);
}

/** Points, what is right, open, or missed, and whether the attempt passed. */
export function summary(quiz: Rules, attempt: Attempt): Summary {
  const items = new Map(quiz.items.map((item) => [item.id, item]));
  const known = attempt.items.flatMap((entry) => {
    const item = items.get(entry.id);
    return item ? [{ item, entry }] : [];
  });
  const open = known.filter(({ entry }) => entry.state === "open");
  const missed = known.filter(({ entry }) => entry.state === "wrong");
  const points = attempt.items.reduce((sum, entry) => sum + entry.points, 0);
  const must = known
    .filter(({ item }) => quiz.pass.must.includes(item.stratum))
    .every(({ entry }) => entry.state === "right");
  return {
    points,
    of: attempt.items.length,
    right: attempt.items.filter((entry) => entry.state === "right").length,
    open: open.length,
    waiting: open.filter(({ item }) => item.type === "code").length,
    missed: [...new Set(missed.map(({ item }) => item.objective))].sort(),
    passed: attempt.finished !== null && points >= quiz.pass.at_least && must,
  };
}

function start(quiz: Rules, state: QuizState, seed: string, now: string): void {
  load(quiz, state);
  if (current(state)) return;
  const resting = Object.keys(state.retired).filter(
    (id) => (state.retired[id] ?? "") > now,
  );
  const drawn = sample(quiz.items, quiz.draw, seed, state.seen, resting);
  let round = lastRound(state);
  if (!round || isOver(quiz, round)) {
    round = { attempts: [] };
    state.rounds.push(round);
  }
  for (const id of drawn) state.seen[id] = (state.seen[id] ?? 0) + 1;
  const items = new Map(quiz.items.map((item) => [item.id, item]));
  round.attempts.push({
    seed,
    started: now,
    finished: null,
    items: drawn.map((id) => freshEntry(items.get(id) as ItemData, seed)),
  });
}

/** An item as an attempt with `seed` asks it, before any answer. */
export function freshEntry(item: Rules["items"][number], seed: string): AttemptItem {
  return {
    id: item.id,
    rev: item.rev,
    variant: variant(item.id, item.variants, seed),
    order: optionOrder(item.id, item.options, seed),
    tries: [],
    state: "open",
    points: 0,
  };
}

/** Drop an open attempt whose items are gone; open again those that changed. */
function load(quiz: Rules, state: QuizState): void {
  const attempt = current(state);
  const round = lastRound(state);
  if (!attempt || !round) return;
  const items = new Map(quiz.items.map((item) => [item.id, item]));
  if (attempt.items.some(({ id }) => !items.has(id))) {
    round.attempts.pop();
    if (!round.attempts.length) state.rounds.pop();
    return;
  }
  attempt.items = attempt.items.map((entry) => {
    const item = items.get(entry.id) as ItemData;
    return entry.rev === item.rev ? entry : freshEntry(item, attempt.seed);
  });
}

function answer(
  quiz: Rules,
  state: QuizState,
  event: Extract<QuizEvent, { type: "answer" }>,
): void {
  const open = ({ id, state: now }: AttemptItem): boolean =>
    id === event.item && now === "open";
  const entry = current(state)?.items.find(open);
  const item = quiz.items.find(({ id }) => id === event.item);
  if (!entry || !item) return;
  entry.tries.push({ answer: event.answer, right: event.right, at: event.now });
  if (event.right) {
    entry.state = "right";
    entry.points = worth(item.type, entry.tries.length);
  } else if (entry.tries.length >= item.tries) {
    entry.state = "wrong";
  }
  close(state, event.now);
}

function settle(
  state: QuizState,
  now: string,
  which: (entry: AttemptItem) => boolean,
): void {
  for (const entry of current(state)?.items ?? []) {
    if (entry.state === "open" && which(entry)) entry.state = "wrong";
  }
  close(state, now);
}

function close(state: QuizState, now: string): void {
  const attempt = current(state);
  if (attempt?.items.every((entry) => entry.state !== "open")) attempt.finished = now;
}
