/** What a reader did in a quiz; the rules are those of `selfcheck.state`. */

import { ask, note, resting, retire, review, reviewed, reviewGiveUp } from "./deck";
import { fit } from "./fit";
import { closeRound, gate, visit } from "./gate";
import { own } from "./own";
import {
  addTry,
  current,
  freshEntry,
  isOver,
  itemsOf,
  lastRound,
  type RuledItem,
  type Rules,
} from "./rounds";
import { sample } from "./sampler";
import type { Answer, AttemptItem, Confidence, QuizState, Review } from "./types";

export { due } from "./deck";
export { gate } from "./gate";
export * from "./mastery";
export {
  current,
  freshEntry,
  isOver,
  keyIsOpen,
  lastAttempt,
  lastRound,
  summary,
  worth,
  type RuledItem,
  type Rules,
  type Summary,
} from "./rounds";

type Try = { answer: Answer; right: boolean; confidence?: Confidence | null };

export type QuizEvent = { now: string } & (
  | { type: "start"; seed: string }
  | ({ type: "answer"; item: string } & Try)
  | { type: "give_up"; item: string }
  | { type: "finish" }
  | { type: "load" }
  | { type: "reset" }
  | { type: "visit"; objective: string }
  | { type: "show"; item: string }
  | { type: "ask"; family: string }
  | ({ type: "review"; family: string } & Try)
  | { type: "review_give_up"; family: string }
  | ({ type: "reviewed"; family: string } & Omit<Review, "at">)
);
type Of<T extends QuizEvent["type"]> = Extract<QuizEvent, { type: T }>;

export function emptyQuiz(): QuizState {
  return { rounds: [], seen: {}, retired: {}, gate: null, deck: {}, reviews: [] };
}

const EVENTS: {
  [T in QuizEvent["type"]]: (quiz: Rules, state: QuizState, event: Of<T>) => void;
} = {
  start,
  answer,
  give_up: (quiz, state, { item, now }) =>
    settle(quiz, state, now, ({ id }) => id === item),
  finish: (quiz, state, { now }) => settle(quiz, state, now, () => true),
  load: (quiz, state, { now }) => load(quiz, state, now),
  reset: (_, state) => void Object.assign(state, { rounds: [], gate: null }),
  visit: (_, state, { objective }) => visit(state, objective),
  show: (quiz, state, { item, now }) => {
    if (itemsOf(quiz).has(item)) retire(quiz, state, item, now);
  },
  ask: (quiz, state, { family, now }) => ask(quiz, state, family, now),
  review,
  review_give_up: (quiz, state, { family, now }) =>
    reviewGiveUp(quiz, state, family, now),
  reviewed,
};

type Apply = (quiz: Rules, state: QuizState, event: never) => void;

/** The state after `event`; an event that does not apply changes nothing. */
export function reduce(
  quiz: Rules,
  state: QuizState | null,
  event: QuizEvent,
): QuizState {
  const copy = JSON.parse(JSON.stringify(state ?? {})) as Partial<QuizState>;
  const after = { ...emptyQuiz(), ...copy };
  const apply = own<Apply>(EVENTS, event.type);
  if (!apply) throw new Error(`unknown event '${event.type}'`);
  apply(quiz, after, event as never);
  return after;
}

function start(quiz: Rules, state: QuizState, { seed, now }: Of<"start">): void {
  load(quiz, state, now);
  if (current(state) || gate(quiz, state, now)) return;
  const { seen } = state;
  const drawn = sample(quiz.items, quiz.draw, seed, seen, resting(state, now));
  let round = lastRound(state);
  if (!round || isOver(quiz, round)) {
    round = { attempts: [] };
    state.rounds.push(round);
  }
  for (const id of drawn) seen[id] = (own(seen, id) ?? 0) + 1;
  const items = itemsOf(quiz);
  round.attempts.push({
    seed,
    started: now,
    finished: null,
    items: drawn.map((id) => freshEntry(items.get(id) as RuledItem, seed)),
  });
  state.gate = null;
}

function load(quiz: Rules, state: QuizState, now: string): void {
  fit(quiz, state, now);
  close(quiz, state, now);
}

function answer(quiz: Rules, state: QuizState, event: Of<"answer">): void {
  const open = ({ id, state: now }: AttemptItem): boolean =>
    id === event.item && now === "open";
  const entry = current(state)?.items.find(open);
  const item = itemsOf(quiz).get(event.item);
  if (!entry || !item) return;
  addTry(item, entry, event);
  settled(quiz, state, entry, event.now);
  close(quiz, state, event.now);
}

function settle(
  quiz: Rules,
  state: QuizState,
  now: string,
  which: (entry: AttemptItem) => boolean,
): void {
  for (const entry of current(state)?.items ?? []) {
    if (entry.state !== "open" || !which(entry)) continue;
    entry.state = "wrong";
    settled(quiz, state, entry, now);
  }
  close(quiz, state, now);
}

/** Let a settled entry make its card; a right one has shown its key. */
function settled(quiz: Rules, state: QuizState, entry: AttemptItem, now: string): void {
  if (entry.state === "open") return;
  if (entry.state === "right") retire(quiz, state, entry.id, now);
  note(quiz, state, entry, now);
}

/** Finish an attempt whose entries are all settled, and the round with the last. */
function close(quiz: Rules, state: QuizState, now: string): void {
  const attempt = current(state);
  if (!attempt || attempt.items.some((entry) => entry.state === "open")) return;
  attempt.finished = now;
  const round = lastRound(state);
  if (!round || !isOver(quiz, round)) return;
  for (const { id } of round.attempts.flatMap(({ items }) => items)) {
    retire(quiz, state, id, now);
  }
  closeRound(quiz, state, now);
}
