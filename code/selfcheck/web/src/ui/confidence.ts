/** How sure a reader is, said together with the answer: one click submits both. */

import type { Try } from "../core/types";
import { button, freshId, h } from "./dom";

export type Confidence = "guess" | "unsure" | "sure";

const LABELS: Record<Confidence, string> = {
  guess: "Guess",
  unsure: "Unsure",
  sure: "Sure",
};

const SAID: Record<Confidence, string> = {
  guess: "You guessed.",
  unsure: "You were unsure.",
  sure: "You were sure.",
};

/** The three buttons that submit an answer. */
export function confidenceGroup(submit: (said: Confidence) => void): HTMLElement {
  const label = freshId();
  const buttons = Object.entries(LABELS).map(([name, words]) => {
    const made = button(words, () => submit(name as Confidence));
    made.dataset.confidence = name;
    return made;
  });
  return h(
    "div",
    {
      class: "sc-confidence",
      role: "group",
      "aria-labelledby": label,
      tabindex: "-1",
    },
    h("span", { id: label }, "Submit, and say how sure you are"),
    h("span", { class: "sc-segments" }, ...buttons),
  );
}

/** "You were sure.", or an empty text where nothing was said. */
export function confidenceWords(tried: Try | undefined): string {
  return tried?.confidence ? SAID[tried.confidence] : "";
}

/** "sure", as it stands in a list; empty where nothing was said. */
export function confidenceMark(tried: Try | undefined): string {
  return tried?.confidence ? LABELS[tried.confidence].toLowerCase() : "";
}
