/** The gate between rounds; the rules are those of `selfcheck.gate`. */

import { hasPassed, lastRound, summary, type Rules } from "./rounds";
import { earlier, later } from "./stamps";
import type { QuizState, Round } from "./types";

/** What keeps a new round closed; null when nothing does. `until` may be past. */
export function gate(
  quiz: Rules,
  state: QuizState,
  now: string,
): { until: string; sections: string[] } | null {
  const shut = state.gate;
  if (!shut || !quiz.gate) return null;
  const until = later(earlier(shut.since, now), quiz.gate);
  const sections = known(quiz, shut.sections);
  return sections.length || until > now ? { until, sections } : null;
}

/** Shut the gate behind a round that did not pass; a pass opens it. */
export function closeRound(quiz: Rules, state: QuizState, now: string): void {
  const round = lastRound(state) as Round;
  if (hasPassed(quiz, round) || !quiz.gate) {
    state.gate = null;
    return;
  }
  const missed = round.attempts.flatMap((attempt) => summary(quiz, attempt).missed);
  state.gate = { since: now, sections: [...new Set(missed)].sort() };
}

/** Take the section that was opened off the list of the gate. */
export function visit({ gate: shut }: QuizState, objective: string): void {
  if (shut) shut.sections = shut.sections.filter((aim) => aim !== objective);
}

/** Take a gate shut in the future for shut now; drop sections that are gone. */
export function fitGate(quiz: Rules, { gate: shut }: QuizState, now: string): void {
  if (!shut) return;
  shut.since = earlier(shut.since, now);
  shut.sections = known(quiz, shut.sections);
}

function known(quiz: Rules, sections: string[]): string[] {
  return sections.filter((aim) => quiz.items.some((item) => item.objective === aim));
}
