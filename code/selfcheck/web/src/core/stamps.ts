/** Times as the record writes them: they sort by time, so they are compared as text. */

const MINUTE = 60_000;
export const DAY = 1440;

/** Whether `text` is a time as `Date.toISOString` writes it. */
export function isStamp(text: unknown): text is string {
  const time = typeof text === "string" ? Date.parse(text) : NaN;
  return !Number.isNaN(time) && new Date(time).toISOString() === text;
}

/** The time that many minutes after `stamp`. */
export function later(stamp: string, minutes: number): string {
  return new Date(Date.parse(stamp) + minutes * MINUTE).toISOString();
}

/** The earlier of two times. */
export function earlier(a: string, b: string): string {
  return a < b ? a : b;
}
