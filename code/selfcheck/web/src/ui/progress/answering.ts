/** Write what happens to a family into every state that holds a card of it. */

import type { QuizEvent } from "../../core/state";
import type { Answer, AttemptItem, Card, Confidence } from "../../core/types";
import type { Store } from "../../store";
import type { Family, Place } from "./ledger";

type Timeless<E> = E extends { now: string } ? Omit<E, "now"> : never;

/** An answer with its verdict; `answer` is null for giving up. */
export interface Given {
  answer: Answer | null;
  right: boolean;
  confidence: Confidence | null;
}

/** The card of a family as it is stored now. */
export function cardOf(store: Store, quiz: string, family: string): Card | null {
  return store.quiz(quiz).deck[family] ?? null;
}

/** Draw the question of a family where it is due first. */
export function draw(store: Store, { lead }: Family): void {
  tell(store, lead, { type: "ask", family: lead.family });
}

/** Answer the question of a family, and let its other cards follow once it is settled. */
export function answer(store: Store, { lead, others }: Family, given: Given): void {
  const { answer, right, confidence } = given;
  const { family, shelf } = lead;
  const now = new Date().toISOString(); // one moment for all decks
  const event: Timeless<QuizEvent> = answer
    ? { type: "review", family, answer, right, confidence }
    : { type: "review_give_up", family };
  tell(store, lead, event, now);
  const entry = cardOf(store, shelf.ref.quiz, family)?.entry;
  if (!entry || entry.state === "open") return;
  const done = {
    item: entry.id,
    variant: entry.variant,
    right: entry.state === "right",
    points: entry.points,
    confidence: saidOf(entry),
  };
  for (const place of others) {
    tell(store, place, { type: "reviewed", family: place.family, ...done }, now);
  }
}

/** What was said of the first try. */
function saidOf({ tries }: AttemptItem): Confidence | null {
  return tries[0]?.confidence ?? null;
}

function tell(
  store: Store,
  { shelf }: Place,
  event: Timeless<QuizEvent>,
  now = new Date().toISOString(),
): void {
  store.dispatch(shelf.data, { ...event, now } as QuizEvent);
}
