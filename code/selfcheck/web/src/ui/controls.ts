/** The inputs of closed questions: read an answer, show one, lock when settled. */

import { parseNumber } from "../core/compare";
import type { Answer, AttemptItem, ItemData, Key } from "../core/types";
import { freshId, h, unseen } from "./dom";
import { lines } from "./order";
import type { Pool } from "./pool";

export interface Control {
  element: HTMLElement;
  /** The answer as it stands, or null while there is none. */
  read(): Answer | null;
  /** What keeps the answer from being submitted; empty when nothing does. */
  complaint(): string;
}

export interface ControlOptions {
  item: ItemData;
  entry: AttemptItem;
  pool: Pool;
  /** The answer to show first: a draft, or the last one that was given. */
  answer: Answer | undefined;
  settled: boolean;
  /** The key, once it may be seen. */
  key: Key | null;
  changed(answer: Answer | null): void;
}

const TYPED: Partial<Record<ItemData["type"], { label: string; hint: string }>> = {
  output: {
    label: "What it prints",
    hint: "Blanks, commas, and quotes make no difference; brackets and order do.",
  },
  numeric: { label: "Your number", hint: "Fractions such as 1/3 and 2e-3 are read." },
  text: { label: "Your answer", hint: "Upper case and backticks make no difference." },
};

const STRICT = "Every character counts; only the width of blanks makes no difference.";

export function control(options: ControlOptions): Control {
  const { type } = options.item;
  if (type === "choice" || type === "multiple") return choices(options);
  if (type === "order") return lines(options);
  return typed(options);
}

function choices(options: ControlOptions): Control {
  const { item, entry, pool, settled } = options;
  const chosen = new Set(options.answer?.options ?? []);
  const single = item.type === "choice";
  const name = freshId();
  const inputs = new Map<number, HTMLInputElement>();
  const rows = entry.order.map((index) => {
    const input = h("input", {
      type: single ? "radio" : "checkbox",
      name,
      value: index,
      checked: chosen.has(index),
      disabled: settled,
    });
    inputs.set(index, input);
    const text = h(
      "span",
      { class: "sc-option-text" },
      pool.option(item.id, entry.variant, index),
    );
    const mark = settled
      ? markOf(chosen.has(index), options.key?.options?.includes(index))
      : null;
    const row = h("label", { class: "sc-option" }, input, text);
    if (mark) {
      row.dataset.mark = mark.kind;
      text.append(h("span", { class: "sc-mark" }, unseen(" — "), mark.words));
    }
    return row;
  });
  const read = (): Answer | null => {
    const ticked = [...inputs]
      .filter(([, input]) => input.checked)
      .map(([index]) => index);
    return ticked.length ? { options: ticked.sort((a, b) => a - b) } : null;
  };
  const element = h(
    "div",
    { class: "sc-options", onchange: () => options.changed(read()) },
    ...rows,
  );
  const missing = single
    ? "Choose an answer first."
    : "Tick at least one answer first.";
  return { element, read, complaint: () => (read() ? "" : missing) };
}

/** How an option of a settled question is marked; `isKey` is unknown while closed. */
function markOf(
  chosen: boolean,
  isKey: boolean | undefined,
): { kind: string; words: string } | null {
  if (isKey === undefined)
    return chosen ? { kind: "chosen", words: "your answer" } : null;
  if (chosen && isKey) return { kind: "right", words: "your answer, right" };
  if (chosen) return { kind: "wrong", words: "your answer, wrong" };
  return isKey ? { kind: "key", words: "right" } : null;
}

function typed(options: ControlOptions): Control {
  const { item, settled } = options;
  const { label, hint } = TYPED[item.type] ?? { label: "Your answer", hint: "" };
  const strict = item.compare?.numbers === false;
  const id = freshId();
  const hintId = freshId();
  const shared = {
    id,
    class: "sc-typed",
    disabled: settled,
    "aria-describedby": settled ? null : hintId,
    autocomplete: "off",
    autocapitalize: "off",
    spellcheck: "false",
  };
  const tall = item.type === "output";
  const field = tall
    ? h("textarea", { ...shared, rows: 3 })
    : h("input", { ...shared, type: "text" });
  field.value = options.answer?.text ?? "";
  const read = (): Answer | null => (field.value.trim() ? { text: field.value } : null);
  field.addEventListener("input", () => options.changed(read()));
  const element = h(
    "div",
    { class: "sc-typing" },
    h("label", { for: id }, label),
    field,
    settled ? null : h("p", { class: "sc-hint", id: hintId }, strict ? STRICT : hint),
  );
  const complaint = (): string => {
    if (!read()) return "Type an answer first.";
    if (item.type !== "numeric" || parseNumber(field.value) !== null) return "";
    return "This cannot be read as a number, so no try is used. Write it as 0.25, 1/4, or 2.5e-1.";
  };
  return { element, read, complaint };
}
