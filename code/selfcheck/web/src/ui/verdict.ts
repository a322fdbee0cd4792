/** What is said after an answer: the verdict, the refutation, the key when it is open. */

import { optionOf, refutations, type Asked } from "../core/judge";
import type { Answer, AttemptItem, ItemData, Objective } from "../core/types";
import { confidenceWords } from "./confidence";
import { h, icon, letScroll } from "./dom";
import { answerOf } from "./key";
import type { Pool } from "./pool";

export interface VerdictOptions {
  asked: Asked;
  entry: AttemptItem;
  pool: Pool;
  objective: Objective | undefined;
  keyOpen: boolean;
  /** Practice counts nothing and ends never. */
  practice: boolean;
}

/** The verdict on the last try of an item, or null before the first. */
export function verdict(options: VerdictOptions): HTMLElement | null {
  const { asked, entry, keyOpen, practice } = options;
  const last = entry.tries[entry.tries.length - 1];
  if (!last && entry.state === "open") return null;
  const box = h("div", {
    class: `sc-verdict sc-verdict-${entry.state === "right" ? "right" : "wrong"}`,
    tabindex: "-1",
  });
  box.append(headline(options, last !== undefined));
  if (last && !last.right && asked.item.type !== "code") {
    const whys = refutations(asked, last.answer);
    const shown = whys.map((why) => options.pool.said(asked.item.id, why));
    box.append(...shown.map((why) => h("div", { class: "sc-why" }, why)));
    if (!whys.length) box.append(h("p", {}, unrefuted(asked, last.answer)));
  }
  if (keyOpen && entry.state !== "open") box.append(...answerOf(options, last?.answer));
  if (entry.state === "wrong" && !keyOpen && asked.item.type !== "code" && !practice) {
    box.append(
      h("p", { class: "sc-muted" }, "The right answer opens when this round is over."),
    );
  }
  if (options.objective?.href && entry.state !== "right")
    box.append(pointer(options.objective));
  letScroll(box);
  return box;
}

/** One line for a live region. */
export function verdictWords(entry: AttemptItem, item: ItemData): string {
  if (entry.state === "right") {
    const half = entry.points === 0.5 ? ", at the second try: half a point" : "";
    return `Right${half}.`;
  }
  if (entry.state === "wrong") return entry.tries.length ? "Not right." : "Given up.";
  const left = item.tries - entry.tries.length;
  if (!Number.isFinite(left)) return "Not right yet.";
  const worth = item.type === "code" ? "" : "; it counts half";
  return left === 1
    ? `Not right yet. One try is left${worth}.`
    : `Not right yet. ${left} tries are left.`;
}

function headline(options: VerdictOptions, tried: boolean): HTMLElement {
  const { entry, asked, practice } = options;
  let words = verdictWords(entry, asked.item);
  if (practice && entry.state === "wrong") words = tried ? "Not right." : "The answer";
  const mark = entry.state === "right" ? icon("right") : icon("wrong");
  const said = confidenceWords(entry.tries[entry.tries.length - 1]);
  return h(
    "p",
    { class: "sc-verdict-head" },
    mark,
    h(
      "span",
      {},
      h("strong", {}, words),
      said && h("span", { class: "sc-muted" }, ` ${said}`),
    ),
  );
}

/** What to say of a wrong answer that no refutation was written for. */
function unrefuted({ item, variant, salt }: Asked, answer: Answer): string {
  if (item.type === "multiple") {
    const whole = (answer.options ?? []).every(
      (j) => optionOf({ item, variant, salt }, j).right,
    );
    if (whole) return "What you ticked holds, but something that holds is not ticked.";
  }
  return "This is none of the mistakes we expected. Go through it step by step once more.";
}

function pointer(objective: Objective): HTMLElement {
  return h(
    "p",
    { class: "sc-pointer" },
    "Read again: ",
    h("a", { href: objective.href }, objective.title || objective.href),
    ".",
  );
}
