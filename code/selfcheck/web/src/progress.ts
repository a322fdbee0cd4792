/** Read stored or exported progress, and know what is none. */

import type { Attempt, Progress, QuizState } from "./core/types";

export const SCHEMA = 1;

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
  if (typeof schema !== "number" || typeof quizzes !== "object" || quizzes === null) {
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
    if (quiz)
      quizzes[id] = { ...quiz, seen: quiz.seen ?? {}, retired: quiz.retired ?? {} };
    if (!isQuiz(quiz))
      throw new Error(`the quiz “${id}” in it has no rounds of attempts`);
  }
  return data as Progress;
}

/** Whether a stored quiz has the shape that every function here relies on. */
function isQuiz(quiz: Partial<QuizState> | null): boolean {
  const isAttempt = ({ seed, items }: Partial<Attempt>): boolean =>
    typeof seed === "string" &&
    Array.isArray(items) &&
    items.every(
      ({ id, tries, order }) => id && Array.isArray(tries) && Array.isArray(order),
    );
  return (
    Array.isArray(quiz?.rounds) &&
    quiz.rounds.every(
      (round) =>
        Array.isArray(round?.attempts) &&
        round.attempts.length > 0 &&
        round.attempts.every(isAttempt),
    )
  );
}
