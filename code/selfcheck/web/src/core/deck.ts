/** The review deck; the rules are those of `selfcheck.deck`. */

import { h53 } from "./hash";
import { own } from "./own";
import {
  addTry,
  confidenceOf,
  freshEntry,
  itemsOf,
  type Rules,
  type Tried,
} from "./rounds";
import { inOrder } from "./sampler";
import { DAY, earlier, later } from "./stamps";
import type { AttemptItem, Card, QuizState, Review } from "./types";

type Done = Omit<Review, "at">;

/** The families to be asked: alarms first, then by time, then by name. */
export function due(quiz: Rules, state: QuizState, now: string): string[] {
  const families = new Set(quiz.items.map(({ family }) => family));
  const waiting = Object.entries(state.deck).filter(
    ([name, card]) => families.has(name) && card.due !== null && card.due <= now,
  );
  const key = ([name, card]: [string, Card]): string =>
    `${Number(!card.alarm)}${card.due}${name}`;
  return waiting.sort((a, b) => (key(a) < key(b) ? -1 : 1)).map(([name]) => name);
}

/** Let an item rest whose key was shown. */
export function retire(quiz: Rules, state: QuizState, id: string, now: string): void {
  state.retired[id] = later(now, quiz.retire * DAY);
}

/** The items that are retired now. */
export function resting({ retired }: QuizState, now: string): string[] {
  return Object.keys(retired).filter((id) => (retired[id] ?? "") > now);
}

/** Make or move the card of an entry that an attempt settled. */
export function note(
  quiz: Rules,
  state: QuizState,
  entry: AttemptItem,
  now: string,
): void {
  const item = itemsOf(quiz).get(entry.id);
  if (!item || !quiz.review.length) return;
  const right = entry.state === "right";
  const known = right ? own(state.deck, item.family) : undefined;
  const moved = known ?? { entry: null, ...schedule(quiz, 0, now) };
  state.deck[item.family] = {
    ...moved,
    item: entry.id,
    variant: entry.variant,
    alarm: !right && confidenceOf(entry) === "sure",
  };
}

/** Draw the question of a due card, unless one is open on it already. */
export function ask(quiz: Rules, state: QuizState, family: string, now: string): void {
  const card = own(state.deck, family);
  if (!card || !due(quiz, state, now).includes(family)) return;
  if (card.entry?.state === "open") return;
  const kin = quiz.items.filter((item) => item.family === family);
  const siblings = kin.filter(({ id }) => id !== card.item);
  const from = siblings.length ? siblings : kin;
  const seed = `review|${family}|${card.due}`;
  const [item] = inOrder(from, h53(seed), state.seen, resting(state, now));
  if (!item) return;
  const number = siblings.length ? undefined : (card.variant + 1) % item.variants;
  card.entry = freshEntry(item, seed, number);
  state.seen[item.id] = (own(state.seen, item.id) ?? 0) + 1;
}

/** Use one try on the question of a card. */
export function review(
  quiz: Rules,
  state: QuizState,
  event: Tried & { family: string },
): void {
  const entry = openEntry(state, event.family);
  const item = entry && itemsOf(quiz).get(entry.id);
  if (!entry || !item) return;
  addTry(item, entry, event);
  settle(quiz, state, event.family, event.now);
}

/** Settle the question of a card as wrong. */
export function reviewGiveUp(
  quiz: Rules,
  state: QuizState,
  family: string,
  now: string,
): void {
  const entry = openEntry(state, family);
  if (!entry) return;
  entry.state = "wrong";
  settle(quiz, state, family, now);
}

/** Move a card whose family was reviewed in the deck of another quiz. */
export function reviewed(
  quiz: Rules,
  state: QuizState,
  event: Done & { family: string; now: string },
): void {
  const { family, item, now } = event;
  const card = own(state.deck, family);
  if (!card) return;
  if (!event.right || due(quiz, state, now).includes(family)) {
    Object.assign(card, schedule(quiz, nextBox(quiz, card, event), now));
    card.entry = null;
  }
  place(card, event);
  retire(quiz, state, item, now);
}

function place(card: Card, done: Done): void {
  card.item = done.item;
  card.variant = done.variant;
  card.alarm = !done.right && done.confidence === "sure";
}

function openEntry(state: QuizState, family: string): AttemptItem | null {
  const entry = own(state.deck, family)?.entry;
  return entry?.state === "open" ? entry : null;
}

/** Record a review that came to its end, and say when its card comes back. */
function settle(quiz: Rules, state: QuizState, family: string, now: string): void {
  const card = own(state.deck, family);
  const entry = card?.entry;
  if (!card || !entry || entry.state === "open") return;
  const done: Review = {
    at: now,
    item: entry.id,
    variant: entry.variant,
    right: entry.state === "right",
    points: entry.points,
    confidence: confidenceOf(entry),
  };
  state.reviews.push(done);
  retire(quiz, state, entry.id, now);
  Object.assign(card, schedule(quiz, nextBox(quiz, card, done), now));
  place(card, done);
}

/** The box after a review: up at full worth, back to 0 when wrong. */
function nextBox(quiz: Rules, { box }: Card, done: Done): number {
  if (!done.right) return 0;
  return done.points === 1 ? Math.min(box + 1, quiz.review.length) : box;
}

function schedule(quiz: Rules, box: number, now: string): Pick<Card, "box" | "due"> {
  const wait = quiz.review[box];
  return { box, due: wait === undefined ? null : later(now, wait * DAY) };
}

/** Fit rests and cards to the clock and to the pool as they are now. */
export function fitDeck(quiz: Rules, state: QuizState, now: string): void {
  const rest = later(now, quiz.retire * DAY);
  for (const [id, until] of Object.entries(state.retired)) {
    state.retired[id] = earlier(until, rest);
  }
  rename(quiz, state);
  const items = itemsOf(quiz);
  const waits = quiz.review;
  for (const card of Object.values(state.deck)) {
    const { entry } = card;
    if (entry && items.get(entry.id)?.rev !== entry.rev) card.entry = null;
    const wait = waits[Math.min(card.box, waits.length - 1)];
    if (card.due !== null && wait !== undefined) {
      card.due = earlier(card.due, later(now, wait * DAY));
    }
  }
}

/** Put cards under the family that their item has now; of two, keep the lower. */
function rename(quiz: Rules, { deck }: QuizState): void {
  const items = itemsOf(quiz);
  const families = new Set(quiz.items.map(({ family }) => family));
  for (const name of Object.keys(deck).sort()) {
    const card = deck[name] as Card;
    const family = items.get(card.item)?.family;
    if (families.has(name) || family === undefined) continue;
    const other = own(deck, family);
    delete deck[name];
    deck[family] = other ? merged(other, card) : card;
  }
}

function merged(other: Card, card: Card): Card {
  const after = (a: Card, b: Card): boolean =>
    a.box !== b.box ? a.box > b.box : (a.due ?? "~") > (b.due ?? "~");
  const alarm = card.alarm || other.alarm;
  return { ...(after(other, card) ? card : other), alarm };
}
