/** What stands around the editor of a coding question. */

import { discussionOf, type Asked } from "../core/judge";
import type { AttemptItem, ItemData } from "../core/types";
import { h } from "../ui/dom";
import type { Pool } from "../ui/pool";

/** The visible example, folded away; nothing where there is none. */
export function exampleBox({ example }: ItemData): HTMLElement[] {
  if (!example) return [];
  const code = h("pre", { class: "sc-output" }, example.replace(/\n$/, ""));
  const head = h("summary", {}, "The example, which runs after your program");
  return [h("details", { class: "sc-example" }, head, code)];
}

/** The keys of the editor; `id` is what describes the editor. */
export function keysHint({ example }: ItemData, id: string): HTMLElement {
  const run = example ? "runs the example" : "grades";
  const keys = `Shift-Enter ${run}; Ctrl-] and Ctrl-[ indent. Tab leaves the editor.`;
  return h("p", { class: "sc-hint", id }, keys);
}

export interface Settled {
  asked: Asked;
  entry: AttemptItem;
  pool: Pool;
  keyOpen: boolean;
  /** What the grader said last, where that is still known. */
  record: HTMLElement | null;
}

/** The verdict on a settled coding question, with the discussion once it is open. */
export function settledBox(options: Settled): HTMLElement {
  const { asked, entry, pool, keyOpen, record } = options;
  const box = h("div", { class: "sc-settled", tabindex: "-1" }, record);
  let words = "";
  if (!entry.tries.length && entry.state !== "right") words = "Given up.";
  else if (!record) words = entry.state === "right" ? "Right." : "Not right.";
  if (words) box.append(h("p", { class: "sc-verdict-head" }, words));
  const discussion = keyOpen ? discussionOf(asked) : "";
  if (discussion) {
    const said = pool.said(asked.item.id, discussion);
    box.append(h("div", { class: "sc-why" }, said));
  }
  return box;
}
