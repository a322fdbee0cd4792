/** Read stored or exported progress, and know what is none. */

import { emptyQuiz } from "./core/state";
import { SCHEMA, upgrade } from "./core/migrate";
import { isStamp } from "./core/stamps";
import type { Attempt, AttemptItem, Card, Progress, QuizState } from "./core/types";

export { SCHEMA };

/** The progress is of a later version: it is neither read nor overwritten. */
export class NewerError extends Error {}

/** Parse stored or exported progress; throws an Error that says what is wrong. */
export function parseProgress(text: string): Progress {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    throw new Error("expected a progress file (JSON); this is not JSON");
  }
  const { schema, quizzes } = (data ?? {}) as Partial<Progress>;
  if (!Number.isInteger(schema) || !schema || schema < 1 || !isRecord(quizzes)) {
    throw new Error(
      "expected a progress file with “schema” and “quizzes”; they are missing",
    );
  }
  if (schema > SCHEMA) {
    throw new NewerError(
      `expected a progress file of schema ${SCHEMA}, this one has ${schema}: ` +
        "it was written by a newer version of the book",
    );
  }
  for (const [id, quiz] of Object.entries(quizzes)) {
    if (!isRecord(quiz) || !hasRounds(quiz)) {
      throw new Error(`the quiz “${id}” in it has no rounds of attempts`);
    }
  }
  const progress = upgrade(data as Progress);
  for (const [id, quiz] of Object.entries(progress.quizzes)) {
    const whole = { ...emptyQuiz(), ...quiz };
    if (!hasDeck(whole)) throw new Error(`the review deck of “${id}” is damaged`);
    progress.quizzes[id] = whole;
  }
  return progress;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isList<T>(list: unknown, each: (part: Partial<T>) => boolean): boolean {
  return Array.isArray(list) && list.every((part) => isRecord(part) && each(part as Partial<T>));
}

function isEntry({ id, rev, variant, order, tries, state }: Partial<AttemptItem>) {
  return (
    ![id, rev].some((name) => typeof name !== "string") &&
    Number.isInteger(variant) &&
    Array.isArray(order) &&
    isList(tries, () => true) &&
    ["open", "right", "wrong"].includes(state ?? "")
  );
}

function hasRounds({ rounds }: Partial<QuizState>): boolean {
  const isAttempt = ({ seed, items }: Partial<Attempt>): boolean =>
    typeof seed === "string" && isList(items, isEntry) && !!items?.length;
  return isList<QuizState["rounds"][number]>(
    rounds,
    ({ attempts }) => isList(attempts, isAttempt) && !!attempts?.length,
  );
}

/** Whether what the rules keep beside the rounds has its shape. */
function hasDeck({ seen, retired, gate, deck, reviews }: QuizState): boolean {
  const isCard = ({ item, box, due, entry }: Card): boolean =>
    typeof item === "string" &&
    box >= 0 &&
    (due === null || isStamp(due)) &&
    (entry === null || isEntry(entry));
  return (
    isRecord(seen) &&
    isRecord(retired) &&
    Object.values(retired).every(isStamp) &&
    (gate === null || (isStamp(gate.since) && Array.isArray(gate.sections))) &&
    isRecord(deck) &&
    Object.values(deck).every((card) => isRecord(card) && isCard(card as Card)) &&
    isList(reviews, ({ at }: { at?: string }) => typeof at === "string")
  );
}
