/** A settled question that the book no longer asks as it was asked. */

import type { AttemptItem } from "../core/types";
import { h, icon } from "./dom";
import { points } from "./start";

export function bygone(entry: AttemptItem, place: string): HTMLElement {
  const right = entry.state === "right";
  const words = right ? `Right, ${points(entry.points)}` : "Not right";
  return h(
    "div",
    { class: "sc-question", "data-item": entry.id },
    place ? h("p", { class: "sc-place" }, place) : null,
    h(
      "p",
      { class: "sc-verdict-head" },
      icon(right ? "right" : "wrong"),
      h("strong", {}, `${words}.`),
    ),
    h(
      "p",
      {},
      "The book has changed this question since you answered it, or left it out. Your " +
        "result stands.",
    ),
  );
}
