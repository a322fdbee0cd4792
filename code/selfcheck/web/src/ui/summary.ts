/** After an attempt: the result, each question, what to read again, what comes next. */

import { isOver, lastRound, summary as summaryOf } from "../core/state";
import type { Attempt, AttemptItem, QuizData } from "../core/types";
import { confidenceMark } from "./confidence";
import { count, h, html, icon } from "./dom";
import { dueHint } from "./due";
import { Gate, inBook, type Way } from "./gate";
import type { Session } from "./session";
import { passRule, points } from "./start";

/** `review` shows a question as it was answered, to look at again. */
export function summary(
  way: Way,
  attempt: Attempt,
  review: (entry: AttemptItem) => HTMLElement,
): HTMLElement {
  const { data, state, shut } = way.session;
  const result = summaryOf(data, attempt);
  const round = lastRound(state);
  const over = round !== undefined && isOver(data, round);
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
    shut ? null : missed(data, result.missed), // the gate names them, too
    h("p", { class: "sc-muted" }, outlook(way.session, result.passed, over)),
    new Gate(way, !result.passed).element,
    dueHint(way.session, way.progress),
    h(
      "p",
      { class: "sc-label" },
      over ? "The questions, with their answers" : "The questions",
    ),
    h(
      "ol",
      { class: "sc-results" },
      ...attempt.items.map((entry) => row(data, entry, review)),
    ),
  );
}

function missed(data: QuizData, ids: string[]): HTMLElement | null {
  const objectives = inBook(data, ids).flatMap((id) => data.objectives[id] ?? []);
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

function row(
  data: QuizData,
  entry: AttemptItem,
  review: (entry: AttemptItem) => HTMLElement,
): HTMLElement {
  const item = data.items.find(({ id }) => id === entry.id);
  const result =
    entry.state === "right" ? `Right, ${worth(entry.points)}` : "Not right";
  const said = confidenceMark(entry.tries[entry.tries.length - 1]);
  const topic = item
    ? (data.objectives[item.objective]?.title ?? item.objective)
    : "no longer in the book";
  const details = h(
    "details",
    {},
    h(
      "summary",
      {},
      icon(entry.state === "right" ? "right" : "wrong"),
      h("span", { class: "sc-row-words" }, result),
      h("span", { class: "sc-row-said" }, said),
      h("span", { class: "sc-row-topic" }, topic),
    ),
  );
  // The question is copied in when it is asked for, and not eight at once.
  details.addEventListener("toggle", () => details.append(review(entry)), {
    once: true,
  });
  return h("li", {}, details);
}

function worth(value: number): string {
  return value === 1 ? "1 point" : `${points(value)} point`;
}

function outlook({ data, state }: Session, passed: boolean, over: boolean): string {
  if (passed) return "The round ends here, and the answers are open.";
  if (over) return "This round is over, and the answers are open.";
  const left = data.attempts - (lastRound(state)?.attempts.length ?? 0);
  return `${count(left, "attempt")} left in this round, with other questions.`;
}
