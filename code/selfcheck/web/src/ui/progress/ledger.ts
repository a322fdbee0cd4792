/** What the states of all quizzes say together: what is due, and what was answered. */

import { due } from "../../core";
import type { Card, ItemData, QuizData, QuizState } from "../../core/types";
import type { QuizRef } from "./book";

/** A quiz or exam with progress. */
export interface Shelf {
  ref: QuizRef;
  data: QuizData;
  state: QuizState;
}

/** A family's card in one state. */
export interface Place {
  shelf: Shelf;
  family: string;
  card: Card;
}

/** A family that comes back, with every state that holds a card of it. */
export interface Family {
  /** Unlike a family's name, unique in the book. */
  key: string;
  pool: string;
  /** The card that is due first; the others follow what becomes of it. */
  lead: Place;
  others: Place[];
}

/** The pool an item belongs to: an exam has items of several. */
export function poolOf(data: QuizData, item: ItemData): string {
  return item.pool ?? data.quiz;
}

function places(shelf: Shelf): { key: string; pool: string; place: Place }[] {
  const items = new Map(shelf.data.items.map((item) => [item.family, item]));
  return Object.entries(shelf.state.deck).flatMap(([family, card]) => {
    const item = items.get(family);
    if (!item) return []; // the family left the book: its card stays and is ignored
    const pool = poolOf(shelf.data, item);
    return [{ key: `${pool}|${family}`, pool, place: { shelf, family, card } }];
  });
}

/** Every family that has a card; the lead is the one that comes back first. */
function families(shelves: readonly Shelf[]): Family[] {
  const found = new Map<string, Family>();
  for (const { key, pool, place } of shelves.flatMap(places)) {
    const known = found.get(key);
    if (!known) found.set(key, { key, pool, lead: place, others: [] });
    else if (stamp(place) < stamp(known.lead)) {
      known.others.push(known.lead);
      known.lead = place;
    } else known.others.push(place);
  }
  return [...found.values()].filter(({ lead }) => lead.card.due !== null);
}

/** When a card comes back, as a text that sorts; a learned one comes last. */
function stamp({ card }: Place): string {
  return card.due ?? "~";
}

/** The families to ask now: alarms first, then those that wait longest. */
export function dueNow(shelves: readonly Shelf[], now: string): Family[] {
  const waiting = new Map(
    shelves.map((shelf) => [shelf, new Set(due(shelf.data, shelf.state, now))]),
  );
  return families(shelves)
    .filter(({ lead: { shelf, family } }) => waiting.get(shelf)?.has(family))
    .sort((a, b) => order(a.lead.card, b.lead.card) || (a.key < b.key ? -1 : 1));
}

function order(a: Card, b: Card): number {
  if (a.alarm !== b.alarm) return a.alarm ? -1 : 1;
  return (a.due ?? "") < (b.due ?? "") ? -1 : a.due === b.due ? 0 : 1;
}

/** The families that come back after `now`, the next one first. */
export function upcoming(shelves: readonly Shelf[], now: string): Family[] {
  const asked = new Set(dueNow(shelves, now).map(({ key }) => key));
  return families(shelves)
    .filter(({ key }) => !asked.has(key))
    .sort((a, b) => (stamp(a.lead) < stamp(b.lead) ? -1 : 1));
}

/** The state of a pool with what exams asked of it, so that one list tells all. */
export function together(pool: Shelf, exams: readonly Shelf[]): QuizState {
  const ids = new Set(pool.data.items.map(({ id }) => id));
  const asked = exams.map(({ state }) => state);
  const rounds = asked.flatMap((state) =>
    state.rounds.map((round) => ({
      attempts: round.attempts.map((attempt) => ({
        ...attempt,
        items: attempt.items.filter(({ id }) => ids.has(id)),
      })),
    })),
  );
  const reviews = asked.flatMap((state) =>
    state.reviews.filter(({ item }) => ids.has(item)),
  );
  return {
    ...pool.state,
    rounds: [...pool.state.rounds, ...rounds],
    reviews: [...pool.state.reviews, ...reviews],
  };
}
