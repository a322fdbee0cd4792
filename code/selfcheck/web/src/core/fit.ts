/** Fit a stored state to today's pool and clock; the rules of `selfcheck.fit`. */

import { fitDeck, resting } from "./deck";
import { fitGate } from "./gate";
import { h53 } from "./hash";
import { own } from "./own";
import {
  attemptsOf,
  current,
  freshEntry,
  itemsOf,
  lastRound,
  type RuledItem,
  type Rules,
} from "./rounds";
import { inOrder } from "./sampler";
import type { Attempt, AttemptItem, QuizState, Round } from "./types";

export function fit(quiz: Rules, state: QuizState, now: string): void {
  const items = itemsOf(quiz);
  for (const entry of attemptsOf(state).flatMap((attempt) => attempt.items)) {
    const item = items.get(entry.id);
    if (item) entry.stratum ||= item.stratum;
  }
  fitGate(quiz, state, now);
  fitDeck(quiz, state, now);
  const attempt = current(state);
  if (attempt) fitAttempt(quiz, state, attempt, now);
}

/** Ask changed questions anew; replace those that are gone, or drop them. */
function fitAttempt(
  quiz: Rules,
  state: QuizState,
  attempt: Attempt,
  now: string,
): void {
  const items = itemsOf(quiz);
  for (const entry of [...attempt.items]) {
    const known = items.get(entry.id);
    if (entry.state !== "open" || known?.rev === entry.rev) continue;
    const item = known ?? replacement(quiz, state, attempt, entry, now);
    const fresh = item ? [freshEntry(item, attempt.seed)] : [];
    attempt.items.splice(attempt.items.indexOf(entry), 1, ...fresh);
  }
  if (attempt.items.length) return;
  const round = lastRound(state) as Round;
  round.attempts.pop();
  if (!round.attempts.length) state.rounds.pop();
}

/** Another item of the entry's stratum, of a family that is not asked yet. */
function replacement(
  quiz: Rules,
  state: QuizState,
  attempt: Attempt,
  entry: AttemptItem,
  now: string,
): RuledItem | undefined {
  const items = itemsOf(quiz);
  const asked = new Set(attempt.items.map(({ id }) => items.get(id)?.family));
  const others = quiz.items.filter(
    ({ stratum, family }) => stratum === entry.stratum && !asked.has(family),
  );
  const start = h53(attempt.seed);
  const [drawn] = inOrder(others, start, state.seen, resting(state, now));
  if (drawn) state.seen[drawn.id] = (own(state.seen, drawn.id) ?? 0) + 1;
  return drawn;
}
