/** The first screen: what the quiz is, how it is passed, what was done so far. */

import { summary } from "../core/state";
import type { QuizData, QuizState } from "../core/types";
import { count, h } from "./dom";
import { dueHint } from "./due";
import { Gate, type Way } from "./gate";

export function drawn(data: QuizData): number {
  return Object.values(data.draw).reduce((sum, n) => sum + n, 0);
}

/** What the reader takes: a quiz, or an exam over several. */
export function noun(data: QuizData): string {
  return data.pools ? "exam" : "quiz";
}

export function passRule(data: QuizData): string {
  const plural = (data.draw.code ?? 0) > 1 ? "s" : "";
  const must = data.pass.must.includes("code")
    ? `, with the coding question${plural} right`
    : "";
  return `${data.pass.at_least} of ${drawn(data)} points${must}`;
}

export function start(way: Way): HTMLElement {
  const { data, state } = way.session;
  return h(
    "div",
    { class: "sc-start" },
    h(
      "p",
      {},
      `${count(drawn(data), "question")}, drawn from a pool of ${data.items.length}; each ` +
        `attempt draws others. A round is ${count(data.attempts, "attempt")}.`,
    ),
    h(
      "dl",
      { class: "sc-rules" },
      h("dt", {}, "Tries"),
      h("dd", {}, tries(data)),
      h("dt", {}, "Passed with"),
      h("dd", {}, `${passRule(data)}.`),
      h("dt", {}, "Answers"),
      h(
        "dd",
        {},
        "A wrong answer is refuted at once. The right one opens when you found it, or when the round is over.",
      ),
      h("dt", {}, "Record"),
      h("dd", {}, "Kept in this browser only. Nothing is sent anywhere."),
    ),
    dueHint(way.session, way.progress),
    new Gate(way, true).element,
    state.rounds.length ? history(data, state) : null,
  );
}

function tries(data: QuizData): string {
  const has = (...types: string[]): boolean =>
    data.items.some(({ type }) => types.includes(type));
  const parts = [];
  if (has("choice", "multiple")) parts.push("one where you choose");
  if (has("output", "numeric", "text", "order")) {
    parts.push("two where you type, the second worth half");
  }
  const code = data.items.find(({ type }) => type === "code");
  if (code) parts.push(`${count(code.tries, "graded submission")} of a program`);
  const text = parts.join("; ");
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

/** The attempts so far, oldest first. */
export function history(data: QuizData, state: QuizState): HTMLElement {
  const attempts = state.rounds.flatMap((round, r) =>
    round.attempts.map((attempt, a) => ({
      attempt,
      name: `Round ${r + 1}, attempt ${a + 1}`,
    })),
  );
  const rows = attempts.map(({ attempt, name }) => {
    const result = summary(data, attempt);
    const words =
      attempt.finished === null ? "open" : result.passed ? "passed" : "not passed";
    return h(
      "li",
      {},
      `${name}, ${day(attempt.started)}: `,
      `${points(result.points)} of ${result.of}, ${words}`,
    );
  });
  return h("ol", { class: "sc-history", "aria-label": "Attempts so far" }, ...rows);
}

/** 5.5 as "5½": half points come from second tries. */
export function points(value: number): string {
  return value % 1 ? `${Math.floor(value) || ""}½` : String(value);
}

function day(iso: string): string {
  const date = new Date(iso);
  return Number.isNaN(date.getTime())
    ? iso
    : date.toLocaleDateString("en", { day: "numeric", month: "long", year: "numeric" });
}
