/** The numbers of an attempt's questions, each with its state, each a way there. */

import type { Attempt } from "../core/types";
import { h, icon, unseen } from "./dom";

export function steps(
  attempt: Attempt,
  at: number,
  go: (at: number) => void,
): HTMLElement {
  const rows = attempt.items.map((entry, index) => {
    const { state } = entry;
    const words = state === "open" ? "open" : state === "right" ? "right" : "not right";
    return h(
      "li",
      {},
      h(
        "button",
        {
          type: "button",
          class: `sc-step sc-step-${state}`,
          "aria-current": index === at ? "step" : null,
          onclick: () => go(index),
        },
        unseen("Question "),
        String(index + 1),
        unseen(`, ${words}`),
        state === "open" ? null : icon(state),
      ),
    );
  });
  return h(
    "nav",
    { class: "sc-steps", "aria-label": "Questions" },
    h("ol", {}, ...rows),
  );
}
