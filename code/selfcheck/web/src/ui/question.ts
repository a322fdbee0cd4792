/** One closed question: its prompt, its inputs, what follows an answer. */

import { judge, keyOf, type Asked } from "../core/judge";
import type { Answer, AttemptItem, ItemData, Objective } from "../core/types";
import type { Confidence } from "./confidence";
import { control } from "./controls";
import { freshId, h, letScroll, type Child } from "./dom";
import type { Pool } from "./pool";
import { submitting } from "./submit";
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
  submit(answer: Answer, right: boolean, confidence: Confidence | null): void;
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
  const framed = frame(options, input.element);
  const form = settled
    ? framed
    : submitting(
        {
          item,
          used: entry.tries.length,
          practice: mode === "practice",
          input,
          submit: (answer, confidence) =>
            options.submit(answer, judge(asked, answer), confidence),
          giveUp: options.giveUp,
        },
        framed,
      );
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
  ...content: Child[]
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
