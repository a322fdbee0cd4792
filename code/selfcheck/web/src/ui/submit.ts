/** Below the inputs of a closed question: submit it, or give it up. */

import type { Answer, ItemData } from "../core/types";
import { confidenceGroup, type Confidence } from "./confidence";
import type { Control } from "./controls";
import { button, h } from "./dom";

export interface SubmitOptions {
  item: ItemData;
  /** Tries already used. */
  used: number;
  practice: boolean;
  input: Control;
  submit(answer: Answer, confidence: Confidence | null): void;
  giveUp(): void;
}

/**
 * Make the form around `content` submit: with a confidence, or plainly in practice.
 *
 * Enter in a field submits nothing by itself outside practice: it leads on to the
 * confidence, which is part of the answer.
 */
export function submitting(options: SubmitOptions, content: HTMLElement): HTMLElement {
  const { item, used, practice, input } = options;
  const complaint = h("p", { class: "sc-complaint", role: "status" });
  const send = (confidence: Confidence | null): void => {
    const answer = ready();
    if (answer) options.submit(answer, confidence);
  };
  const ready = (): Answer | null => {
    complaint.textContent = input.complaint();
    if (!complaint.textContent) return input.read();
    form.querySelector<HTMLElement>("input, textarea, button")?.focus();
    return null;
  };
  const group = practice ? null : confidenceGroup(send);
  const check = h(
    "button",
    { type: "submit", class: "sc-button sc-primary" },
    "Check answer",
  );
  const leave = practice ? "Show the answer" : "Give up";
  const form = h(
    "form",
    { class: "sc-form", novalidate: true },
    content,
    h(
      "div",
      { class: "sc-actions" },
      group ?? check,
      complaint,
      button(leave, options.giveUp, "sc-quiet"),
      practice ? null : h("span", { class: "sc-muted" }, triesLeft(item, used)),
    ),
  );
  const enter = (): void => {
    if (!group) send(null);
    else if (ready()) {
      complaint.textContent = "Now say how sure you are: that submits your answer.";
      group.focus();
    }
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    enter();
  });
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    if (event.target instanceof HTMLTextAreaElement) enter();
  });
  return form;
}

function triesLeft(item: ItemData, used: number): string {
  if (item.tries === 1) return "One try.";
  const left = item.tries - used;
  return left === 1
    ? "One try left; it counts half."
    : `${left} tries; the second counts half.`;
}
