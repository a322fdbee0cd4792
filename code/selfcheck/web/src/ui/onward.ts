/** Below a question: the way to the next one, to the result, or out. */

import { hasGrader } from "../code/grader";
import type { Attempt, AttemptItem, QuizData } from "../core/types";
import { button, h } from "./dom";
import { twice } from "./files";

export interface OnwardOptions {
  data: QuizData;
  attempt: Attempt;
  entry: AttemptItem;
  go(at: number): void;
  finish(): void;
  result(): void;
}

export function onward(options: OnwardOptions): HTMLElement {
  const { attempt, entry } = options;
  const row = h("div", { class: "sc-actions sc-onward" });
  if (attempt.finished !== null) {
    row.append(button("See the result", options.result, "sc-primary"));
    return row;
  }
  const next = nextOpen(attempt, entry);
  if (next >= 0) {
    const settled = entry.state !== "open";
    const label = settled ? "Next question" : "Later; next question";
    row.append(
      button(label, () => options.go(next), settled ? "sc-primary" : "sc-quiet"),
    );
  }
  const waits = waiting(options.data, attempt);
  if (waits) row.prepend(h("p", { class: "sc-waiting" }, waits));
  row.append(
    twice("End this attempt", "Open questions count as wrong.", options.finish),
  );
  return row;
}

/** The open question after `entry`, or the first one before it; -1 when none is left. */
function nextOpen(attempt: Attempt, entry: AttemptItem): number {
  const at = attempt.items.indexOf(entry);
  const open = attempt.items.flatMap((other, index) =>
    other.state === "open" && index !== at ? [index] : [],
  );
  return open.find((index) => index > at) ?? open[0] ?? -1;
}

/** What to say when nothing but the coding question is left. */
function waiting(data: QuizData, attempt: Attempt): string {
  const types = new Map(data.items.map(({ id, type }) => [id, type]));
  const open = attempt.items.filter(({ state }) => state === "open");
  if (open.some(({ id }) => types.get(id) !== "code")) return "";
  const one = open.length === 1;
  const code = one ? "the coding question" : "the coding questions";
  const rest = hasGrader()
    ? one
      ? "is left"
      : "are left"
    : `wait${one ? "s" : ""} for a kernel`;
  return `${attempt.items.length - open.length} of ${attempt.items.length} answered; ${code} ${rest}.`;
}
