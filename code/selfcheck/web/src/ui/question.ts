/** One closed question: its prompt, its inputs, what follows an answer. */

import { judge, keyOf, type Asked } from "../core/judge";
import type { Answer, AttemptItem, ItemData, Objective } from "../core/types";
import { control } from "./controls";
import { button, freshId, h, letScroll } from "./dom";
import type { Pool } from "./pool";
import { verdict } from "./verdict";

export const ASK: Record<ItemData["type"], string> = {
  choice: "Choose one answer",
  multiple: "Tick every answer that holds",
  output: "Predict what the program prints",
  numeric: "Give a number",
  text: "Give a short answer",
  order: "Put the lines in order; not every line need belong",
  code: "Write the program",
};

export interface QuestionOptions {
  item: ItemData;
  entry: AttemptItem;
  salt: string;
  pool: Pool;
  objective: Objective | undefined;
  /** "Question 3 of 8", or what else stands in the legend. */
  place: string;
  mode: "attempt" | "practice" | "review";
  keyOpen: boolean;
  draft: Answer | undefined;
  keep(draft: Answer | null): void;
  submit(answer: Answer, right: boolean): void;
  giveUp(): void;
}

export function question(options: QuestionOptions): HTMLElement {
  const { item, entry, salt, pool, mode } = options;
  const asked: Asked = { item, variant: entry.variant, salt };
  const settled = entry.state !== "open" || mode === "review";
  const last = entry.tries[entry.tries.length - 1]?.answer;
  const keyOpen = options.keyOpen && entry.state !== "open";
  const input = control({
    item,
    entry,
    pool,
    settled,
    answer: settled ? last : (options.draft ?? last),
    key: keyOpen ? keyOf(asked) : null,
    changed: options.keep,
  });
  const form = h(
    "form",
    { class: "sc-form", novalidate: true },
    frame(options, input.element),
    settled ? null : actions(options),
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const answer = input.read();
    if (answer) options.submit(answer, judge(asked, answer));
    else complain(form, input.missing);
  });
  const said = verdict({
    asked,
    entry,
    pool,
    keyOpen,
    objective: options.objective,
    practice: mode === "practice",
  });
  const { variant } = entry;
  const element = h(
    "div",
    { class: "sc-question", "data-item": item.id, "data-variant": variant },
    form,
    said,
  );
  letScroll(element);
  return element;
}

/** The fieldset: a legend that names the task, the prompt that describes it. */
export function frame(
  options: Pick<QuestionOptions, "item" | "entry" | "pool" | "place" | "mode">,
  ...content: HTMLElement[]
): HTMLElement {
  const { item, entry, pool, place, mode } = options;
  const prompt = freshId();
  return h(
    "fieldset",
    { "aria-describedby": prompt },
    h(
      "legend",
      { tabindex: mode === "review" ? null : "-1" },
      place ? h("span", { class: "sc-place" }, `${place}. `) : null,
      h("span", { class: "sc-ask" }, mode === "review" ? "" : `${ASK[item.type]}.`),
    ),
    h("div", { class: "sc-prompt", id: prompt }, pool.prompt(item.id, entry.variant)),
    ...content,
  );
}

function actions(options: QuestionOptions): HTMLElement {
  const { item, entry, mode } = options;
  const left = item.tries - entry.tries.length;
  const practice = mode === "practice";
  return h(
    "div",
    { class: "sc-actions" },
    h("button", { type: "submit", class: "sc-button sc-primary" }, "Check answer"),
    button(practice ? "Show the answer" : "Give up", options.giveUp, "sc-quiet"),
    practice ? null : h("span", { class: "sc-muted" }, triesLeft(item, left)),
    h("p", { class: "sc-complaint", role: "status" }),
  );
}

function triesLeft(item: ItemData, left: number): string {
  if (item.tries === 1) return "One try.";
  if (left === 1) return "One try left; it counts half.";
  return `${left} tries; the second counts half.`;
}

function complain(form: HTMLElement, words: string): void {
  const place = form.querySelector(".sc-complaint");
  if (place) place.textContent = words;
  form.querySelector<HTMLElement>("input, textarea, button")?.focus();
}
