/** After an attempt: the result, each question, what to read again, what comes next. */

import { isOver, summary } from "../core/state";
import type { Attempt, AttemptItem, QuizData, QuizState, Round } from "../core/types";
import { button, count, h, html, icon } from "./dom";
import { drawn, passRule, points } from "./start";

export interface SummaryOptions {
  data: QuizData;
  state: QuizState;
  round: Round;
  attempt: Attempt;
  begin(): void;
  practice(): void;
  /** The question as it was answered, to look at again. */
  review(entry: AttemptItem): HTMLElement;
}

export function summaryOf(options: SummaryOptions): HTMLElement {
  const { data, round, attempt } = options;
  const result = summary(data, attempt);
  const over = isOver(data, round);
  return h(
    "div",
    { class: "sc-summary" },
    h(
      "p",
      { class: "sc-result", tabindex: "-1" },
      icon(result.passed ? "right" : "wrong"),
      h("strong", {}, result.passed ? "Passed." : "Not passed."),
      ` ${points(result.points)} of ${result.of} points. To pass: ${passRule(data)}.`,
    ),
    missed(data, result.missed),
    h(
      "p",
      { class: "sc-label" },
      over ? "The questions, with their answers" : "The questions",
    ),
    h(
      "ol",
      { class: "sc-results" },
      ...attempt.items.map((entry) => row(options, entry)),
    ),
    next(options, result.passed, over),
  );
}

function missed(data: QuizData, ids: string[]): HTMLElement | null {
  const objectives = ids.flatMap((id) => data.objectives[id] ?? []);
  if (!objectives.length) return null;
  return h(
    "div",
    { class: "sc-missed" },
    h("p", { class: "sc-label" }, "To read again"),
    h(
      "ul",
      {},
      ...objectives.map(({ text, href, title }) =>
        h(
          "li",
          {},
          href ? h("a", { href }, title || href) : title,
          href ? ": " : null,
          html(text),
        ),
      ),
    ),
  );
}

function row(options: SummaryOptions, entry: AttemptItem): HTMLElement {
  const { data } = options;
  const item = data.items.find(({ id }) => id === entry.id);
  if (!item) return h("li", {}, "This question is no longer in the book.");
  const words = entry.state === "right" ? `Right, ${worth(entry.points)}` : "Not right";
  const topic = data.objectives[item.objective]?.title ?? item.objective;
  const details = h(
    "details",
    {},
    h(
      "summary",
      {},
      icon(entry.state === "right" ? "right" : "wrong"),
      h("span", { class: "sc-row-words" }, words),
      h("span", { class: "sc-row-topic" }, topic),
    ),
  );
  // The question is copied in when it is asked for, and not eight at once.
  details.addEventListener("toggle", () => details.append(options.review(entry)), {
    once: true,
  });
  return h("li", {}, details);
}

function worth(value: number): string {
  return value === 1 ? "1 point" : `${points(value)} point`;
}

function next(options: SummaryOptions, passed: boolean, over: boolean): HTMLElement {
  const { data, round } = options;
  const left = data.attempts - round.attempts.length;
  let words = `${count(left, "attempt")} left in this round, with other questions.`;
  if (over) words = "This round is over, and the answers are open.";
  if (passed) words = "The round ends here, and the answers are open.";
  const label = over
    ? "Start a new round"
    : `Next attempt: ${drawn(data)} other questions`;
  return h(
    "div",
    {},
    h("p", { class: "sc-muted" }, words),
    h(
      "div",
      { class: "sc-actions" },
      button(label, options.begin, passed ? "" : "sc-primary"),
      button("Practice without limits", options.practice, "sc-quiet"),
    ),
  );
}
