/** Compare an answer with a key; the rules are those of `selfcheck.compare`. */

import type { Answer, CompareOptions, ItemType, Key, Tolerance } from "./types";

const DECIMAL = "(?:[0-9]+\\.?[0-9]*|\\.[0-9]+)(?:[eE][+-]?[0-9]+)?";
const SPACE = /[ \t\r\n\f\v\u00a0\u2007\u202f\ufeff]+/g;
const TOKEN = new RegExp(`[A-Za-z_][A-Za-z_0-9]*|[+-]?${DECIMAL}|[^ ]`, "gu");
const NUMBER = new RegExp(`^[+-]?${DECIMAL}$`);
const FRACTION = new RegExp(`^([+-]?${DECIMAL}) ?/ ?(${DECIMAL})$`);
const NAMED = /^([+-]?)(nan|inf|infinity)$/;
const IGNORED = new Set(",;'\"`");
// 0.31 is within 0.01 of 0.3, although 0.31 - 0.3 > 0.01 in binary
const SLACK = 1 + 1e-9;

function lower(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

function plain(text: string): string {
  return text
    .replace(/\u2212/g, "-")
    .replace(SPACE, " ")
    .replace(/^ | $/g, "");
}

function named(text: string): number | null {
  const match = NAMED.exec(lower(text));
  if (!match) return null;
  const value = match[2] === "nan" ? NaN : Infinity;
  return match[1] === "-" ? -value : value;
}

/** Read `0.5`, `-1e-3`, `1_000`, `1/3`, `nan`, or `inf`; null when it is none. */
export function parseNumber(text: string): number | null {
  const read = plain(text.replace(/`/g, "")).replace(/([0-9])_(?=[0-9])/g, "$1");
  if (NUMBER.test(read)) return Number(read);
  const fraction = FRACTION.exec(read);
  if (!fraction) return named(read);
  const over = Number(fraction[2]);
  return over ? Number(fraction[1]) / over : null;
}

function near(value: number, key: number, allowed: number): boolean {
  if (Number.isNaN(value) || Number.isNaN(key)) {
    return Number.isNaN(value) && Number.isNaN(key);
  }
  return value === key || Math.abs(value - key) <= allowed * SLACK;
}

function size(key: number): number {
  return Number.isFinite(key) ? Math.abs(key) : 0;
}

export function compareNumber(
  answer: string,
  key: number | string,
  tolerance: Tolerance,
): boolean {
  const value = parseNumber(answer);
  const target = typeof key === "string" ? parseNumber(key) : key;
  if (value === null || target === null) return false;
  const relative = (tolerance.rel ?? 0) * size(target);
  return near(value, target, Math.max(tolerance.abs ?? 0, relative));
}

/** Split an output into words, numbers, and signs; numbers become numbers. */
export function tokens(text: string): (string | number)[] {
  const found = plain(text).match(TOKEN) ?? [];
  return found
    .filter((token) => !IGNORED.has(token))
    .map((token) =>
      NUMBER.test(token) ? Number(token) : (named(token) ?? lower(token)),
    );
}

export function compareOutput(
  answer: string,
  key: string,
  compare: CompareOptions | null = null,
): boolean {
  const { numbers = true, rtol = 1e-4, atol = 1e-6 } = compare ?? {};
  if (!numbers) return plain(answer) === plain(key);
  const ours = tokens(answer);
  const theirs = tokens(key);
  return (
    ours.length === theirs.length &&
    ours.every((a, at) => {
      const b = theirs[at] as string | number;
      if (typeof a !== "number" || typeof b !== "number") return a === b;
      return near(a, b, atol + rtol * size(b));
    })
  );
}

/** Reduce a short answer to what counts: no case, backticks, outer quotes, `()`. */
export function normalText(text: string): string {
  return plain(lower(text.replace(/`/g, "")))
    .replace(/ (?![a-z0-9_])/g, "")
    .replace(/(^|[^a-z0-9_]) /g, "$1")
    .replace(/\.+$/, "")
    .replace(/^(["'])([^\n]*)\1$/, "$2")
    .replace(/\(\)$/, "");
}

export function compareText(answer: string, accept: readonly string[]): boolean {
  const given = normalText(answer);
  return given !== "" && accept.some((form) => normalText(form) === given);
}

function sameSet(a: readonly number[] = [], b: readonly number[] = []): boolean {
  const order = (x: number, y: number): number => x - y;
  return String([...a].sort(order)) === String([...b].sort(order));
}

/** Judge an answer to a closed item by its unsealed key. */
export function isRight(
  type: ItemType,
  key: Key,
  answer: Answer,
  compare: CompareOptions | null = null,
): boolean {
  const text = answer.text ?? "";
  switch (type) {
    case "choice":
    case "multiple":
      return sameSet(answer.options, key.options);
    case "output":
      return compareOutput(text, key.text ?? "", compare);
    case "numeric":
      return compareNumber(text, key.value ?? "", key.tolerance ?? {});
    case "text":
      return compareText(text, key.accept ?? []);
    case "order":
      return String(answer.lines) === String(key.lines);
    default:
      throw new Error(`expected a closed item type, got '${type}': grade code instead`);
  }
}

/** The index of the first trap that a wrong answer fell into, or null. */
export function whichTrap(
  type: ItemType,
  traps: readonly { answer: Key }[],
  answer: Answer,
  compare: CompareOptions | null = null,
): number | null {
  const index = traps.findIndex((trap) =>
    type === "order"
      ? (trap.answer.lines ?? []).every((line) => answer.lines?.includes(line))
      : isRight(type, trap.answer, answer, compare),
  );
  return index < 0 ? null : index;
}
