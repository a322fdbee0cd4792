/** Decide on an answer to a closed item from the page's sealed payload. */

import { isRight, whichTrap } from "./compare";
import { unseal } from "./seal";
import type { Answer, ItemData, Key } from "./types";

/** An item as it was asked: which variant, and the salt of the page. */
export interface Asked {
  item: ItemData;
  variant: number;
  salt: string;
}

interface Option {
  right: boolean;
  why?: string | null;
}

interface Trap {
  answer: Key;
  why: string;
}

function open<T>(asked: Asked, field: string, blob: string): T {
  const label = `${asked.item.id}|${asked.variant}|${field}`;
  return JSON.parse(unseal(blob, asked.salt, label)) as T;
}

/** The key of an item; null for a coding question, which has none in the page. */
export function keyOf(asked: Asked): Key | null {
  const blob = asked.item.sealed?.[asked.variant]?.key;
  return blob ? open<Key>(asked, "key", blob) : null;
}

/** The discussion that is shown with the key: HTML, or an empty text. */
export function discussionOf(asked: Asked): string {
  const blob = asked.item.sealed?.[asked.variant]?.why;
  return blob ? (open<{ html: string }>(asked, "why", blob).html ?? "") : "";
}

/** What stands behind option `index`: whether it is right, and why. */
export function optionOf(asked: Asked, index: number): Option {
  const blob = asked.item.sealed?.[asked.variant]?.options?.[index];
  return blob ? open<Option>(asked, `option.${index}`, blob) : { right: false };
}

function trapsOf(asked: Asked): Trap[] {
  const blobs = asked.item.sealed?.[asked.variant]?.traps ?? [];
  return blobs.map((blob, index) => open<Trap>(asked, `trap.${index}`, blob));
}

/** Whether an answer is right. A choice opens the chosen option's blob and no other. */
export function judge(asked: Asked, answer: Answer): boolean {
  if (asked.item.type === "choice") {
    const [chosen] = answer.options ?? [];
    return chosen !== undefined && optionOf(asked, chosen).right;
  }
  const key = keyOf(asked);
  return key !== null && isRight(asked.item.type, key, answer, asked.item.compare);
}

/** HTML that refutes what a wrong answer chose or fell for; may be empty. */
export function refutations(asked: Asked, answer: Answer): string[] {
  if (answer.options) {
    const chosen = answer.options.map((index) => optionOf(asked, index));
    return chosen.filter((o) => !o.right && o.why).map((o) => o.why as string);
  }
  const traps = trapsOf(asked);
  const caught = whichTrap(asked.item.type, traps, answer, asked.item.compare);
  return caught === null ? [] : [(traps[caught] as Trap).why];
}
