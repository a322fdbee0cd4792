/** Records of an earlier schema; the rules are those of `selfcheck.migrate`. */

import { own } from "./own";
import { attemptsOf, settledAt } from "./rounds";
import { DAY, isStamp, later } from "./stamps";
import type { Card, Progress, QuizState, Round } from "./types";

export const SCHEMA = 2;
const FIRST_REVIEW = 1;

/** Progress in today's schema. */
export function upgrade(data: Progress): Progress {
  if (data.schema >= SCHEMA) return data;
  const quizzes = Object.entries(data.quizzes).map(([id, quiz]) => [id, second(quiz)]);
  return { ...data, schema: SCHEMA, quizzes: Object.fromEntries(quizzes) };
}

/** Schema 2 added the gate, the deck, and the stratum of each entry. */
function second(quiz: QuizState): QuizState {
  const rounds: Round[] = quiz.rounds.map((round) => ({
    ...round,
    attempts: round.attempts.map((attempt) => ({
      ...attempt,
      items: attempt.items.map((entry) => ({ ...entry, stratum: entry.stratum ?? "" })),
    })),
  }));
  const fresh = { retired: {}, gate: null, deck: fold(quiz), reviews: [] };
  return { ...fresh, ...quiz, rounds };
}

/** Cards of settled entries, by item until `load` knows the families. */
function fold(quiz: QuizState): Record<string, Card> {
  const deck: Record<string, Card> = {};
  for (const attempt of attemptsOf(quiz)) {
    for (const entry of attempt.items) {
      const { id, variant, state } = entry;
      const time = settledAt(attempt, entry);
      if (state === "open" || !isStamp(time)) continue;
      const kept = state === "right" ? own(deck, id) : undefined;
      const due = later(time, FIRST_REVIEW * DAY);
      const card = kept ?? { box: 0, due, alarm: false, entry: null };
      deck[id] = { ...card, item: id, variant };
    }
  }
  return deck;
}
