import { h53 } from "./hash";
import { own } from "./own";
import type { Draw, ItemData } from "./types";

export const STRATA = ["choice", "multiple", "output", "short", "code"] as const;

/** A stratum holds fewer families than the quiz draws from it. */
export class PoolTooSmallError extends Error {}

export type Drawable = Pick<ItemData, "id" | "stratum" | "family">;
type Key = (number | string)[];

function byKey(a: { key: Key }, b: { key: Key }): number {
  for (let i = 0; i < a.key.length; i++) {
    const [left, right] = [a.key[i] as number, b.key[i] as number];
    if (left < right) return -1;
    if (left > right) return 1;
  }
  return 0;
}

/** `things` sorted by what `key` says of each. */
function sorted<T>(things: readonly T[], key: (thing: T) => Key): T[] {
  return things
    .map((thing) => ({ thing, key: key(thing) }))
    .sort(byKey)
    .map(({ thing }) => thing);
}

/**
 * The ids of one attempt, in the order in which they are asked.
 *
 * Items seen least come first, a hash of the seed decides between equals, a family
 * gives one item at most, retired items are the last resort.
 */
export function sample(
  items: readonly Drawable[],
  draw: Draw,
  seed: string,
  seen: Record<string, number>,
  retired: readonly string[] = [],
): string[] {
  const start = h53(seed);
  const families = new Set<string>();
  const drawn: string[] = [];
  for (const stratum of STRATA) {
    const wanted = draw[stratum] ?? 0;
    const candidates = items.filter((item) => item.stratum === stratum);
    let taken = 0;
    for (const { id, family } of inOrder(candidates, start, seen, retired)) {
      if (taken === wanted || families.has(family)) continue;
      families.add(family);
      drawn.push(id);
      taken += 1;
    }
    if (taken < wanted) {
      throw new PoolTooSmallError(
        `expected ${wanted} items of different families in stratum '${stratum}', ` +
          `found ${taken}: write more items or draw fewer`,
      );
    }
  }
  return sorted(drawn, (id) => [h53(`order|${id}`, start), id]);
}

/** Items by preference: not retired, least seen, by the hash `start` of a seed. */
export function inOrder<T extends { id: string }>(
  items: readonly T[],
  start: number,
  seen: Record<string, number>,
  retired: readonly string[],
): T[] {
  return sorted(items, ({ id }) => [
    Number(retired.includes(id)),
    own(seen, id) ?? 0,
    h53(id, start),
    id,
  ]);
}

/** Which of `count` variants of an item an attempt asks. */
export function variant(id: string, count: number, seed: string): number {
  return h53(`variant|${id}`, h53(seed)) % count;
}

/** The order in which an item's `n` options are shown, as indices. */
export function optionOrder(id: string, n: number, seed: string): number[] {
  const start = h53(seed);
  const indices = Array.from({ length: n }, (_, index) => index);
  return sorted(indices, (j) => [h53(`option|${id}|${j}`, start), j]);
}
