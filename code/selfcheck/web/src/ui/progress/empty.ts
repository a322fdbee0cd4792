/** The page before any progress: what will be here, and where to begin. */

import { h } from "../dom";
import type { QuizRef } from "./book";

export function empty(first: QuizRef | undefined): HTMLElement[] {
  const link = first
    ? h(
        "p",
        {},
        "Begin with ",
        h("a", { href: first.page }, `the quiz “${first.title}”`),
        ", or load a file that you saved in another browser.",
      )
    : null;
  const rows: [string, string][] = [
    ["Due today", "questions that come back, so that what you learned stays"],
    ["What you know", "each objective of each chapter, from new to mastered"],
    ["How well you judge yourself", "how often you are right when you are sure"],
  ];
  return [
    h(
      "p",
      { class: "sc-lead" },
      "There is no progress in this browser yet. Once you have answered a question " +
        "of a quiz, you find here:",
    ),
    h(
      "dl",
      { class: "sc-promise" },
      ...rows.flatMap(([name, words]) => [h("dt", {}, name), h("dd", {}, words)]),
    ),
    ...(link ? [link] : []),
  ];
}
