/** The key of a settled question, with its reasons, once it may be seen. */

import { discussionOf, keyOf, type Asked } from "../core/judge";
import type { Answer, AttemptItem, Key } from "../core/types";
import { h } from "./dom";
import type { Pool } from "./pool";

interface Opened {
  asked: Asked;
  entry: AttemptItem;
  pool: Pool;
}

/** What stands after the verdict: the key, then the discussion. */
export function answerOf(options: Opened, given: Answer | undefined): HTMLElement[] {
  const { asked } = options;
  const key = keyOf(asked);
  const parts: HTMLElement[] = [];
  if (key && !repeats(options, key, given))
    parts.push(...keyBlock(options, key, given));
  const discussion = discussionOf(asked);
  if (discussion) {
    const said = options.pool.said(asked.item.id, discussion);
    parts.push(h("div", { class: "sc-why" }, said));
  }
  return parts;
}

/** Whether the key would only repeat the right answer that stands above it. */
function repeats({ entry }: Opened, key: Key, given: Answer | undefined): boolean {
  if (entry.state !== "right") return false;
  const same = key.text !== undefined && given?.text?.trim() === key.text.trim();
  return same || key.lines !== undefined;
}

function keyBlock(options: Opened, key: Key, given: Answer | undefined): HTMLElement[] {
  const { asked, entry, pool } = options;
  const pre = (text: string): HTMLElement => h("pre", { class: "sc-output" }, text);
  const label = (text: string): HTMLElement => h("p", { class: "sc-label" }, text);
  if (key.text !== undefined) {
    const pair = [h("div", {}, label("It prints"), pre(key.text.replace(/\n$/, "")))];
    if (given?.text && entry.state !== "right")
      pair.unshift(h("div", {}, label("You predicted"), pre(given.text.trim())));
    return [h("div", { class: "sc-pair" }, ...pair)];
  }
  if (key.value !== undefined) return [label("The number"), h("p", {}, number(key))];
  if (key.accept) {
    return [label("Accepted answers"), h("p", {}, ...codes(key.accept))];
  }
  if (key.lines) {
    const rows = key.lines.map((j) =>
      h("li", {}, pool.option(asked.item.id, entry.variant, j)),
    );
    return [label("The right order"), h("ol", { class: "sc-lines" }, ...rows)];
  }
  return [];
}

function number(key: Key): string {
  const { abs, rel } = key.tolerance ?? {};
  const slack = [abs ? `± ${abs}` : "", rel ? `± ${100 * rel} %` : ""].filter(Boolean);
  return [String(key.value), ...slack].join(" ");
}

function codes(forms: string[]): (Node | string)[] {
  return forms.flatMap((form, at) =>
    at ? [", ", h("code", {}, form)] : [h("code", {}, form)],
  );
}
