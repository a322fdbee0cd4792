/** The screen of a review: a question, its verdict, and the way onward. */

import { button, count, h } from "../dom";
import { verdictWords } from "../verdict";
import type { News, Question, Review } from "./review";
import { backSentence } from "./today";

export interface Steps {
  /** An answer changed the state. */
  told(question: Question, news: News): void;
  moved(): void;
  leave(): void;
}

export function deskScreen(review: Review, steps: Steps): HTMLElement[] {
  const question = review.question();
  if (!question) return ended(review, steps);
  if (!review.isReady(question)) return loading(review, question, steps);
  const settled = question.family === null;
  const asked = review.ask(question, placeOf(review, question), (news) =>
    steps.told(question, news),
  );
  const parts = [asked];
  if (settled) parts.push(h("p", { class: "sc-back" }, backOf(question)));
  return [...parts, onward(review, question, steps)];
}

function placeOf({ kept, left, putOff }: Review, { family }: Question): string {
  const at = kept.done + (family ? 1 : 0);
  return `Review, ${at} of ${kept.done + left + putOff}`;
}

function backOf({ back, entry }: Question): string {
  return backSentence(back, entry.points);
}

/** One line for a live region. */
export function spoken(question: Question): string {
  const words = verdictWords(question.entry, question.item);
  return question.family ? words : `${words} ${backOf(question)}`;
}

function onward(review: Review, question: Question, steps: Steps): HTMLElement {
  const go = (): void => {
    review.next(question);
    steps.moved();
  };
  const row = h("div", { class: "sc-actions sc-onward" });
  const { family } = question;
  const more = review.left > (family ? 1 : 0);
  if (!family) {
    row.append(button(more ? "Next question" : "See the result", go, "sc-primary"));
  } else if (more) row.append(button("Later; next question", go, "sc-quiet"));
  row.append(button("Leave the review", steps.leave, "sc-quiet"));
  return row;
}

function loading(review: Review, question: Question, steps: Steps): HTMLElement[] {
  const said = h("p", { role: "status" }, "Loading the question …");
  const row = h("div", { class: "sc-actions" });
  review.ready(question).then(steps.moved, (error: Error) => {
    said.textContent = `The question could not be loaded: ${error.message}. Nothing is lost.`;
    row.append(
      button("Try again", steps.moved, "sc-primary"),
      button("Leave the review", steps.leave, "sc-quiet"),
    );
  });
  return [said, row];
}

function ended(review: Review, steps: Steps): HTMLElement[] {
  const { done, right } = review.kept;
  const { putOff } = review;
  const result =
    done === 0
      ? "Nothing was asked in this review."
      : `${count(done, "question")} reviewed, ${right} of them right.`;
  const rest = `${count(putOff, "question")} ${putOff === 1 ? "is" : "are"} put off.`;
  const again = (): void => {
    review.again();
    steps.moved();
  };
  return [
    h(
      "p",
      { class: "sc-result", tabindex: "-1" },
      h("strong", {}, result),
      putOff ? ` ${rest}` : null,
    ),
    h(
      "div",
      { class: "sc-actions" },
      button("Back to the overview", steps.leave, putOff ? "" : "sc-primary"),
      putOff ? button("Ask what was put off", again, "sc-primary") : null,
    ),
  ];
}
