/** Days and numbers as a sentence says them. */

const DAY = 24 * 60 * 60 * 1000;

/** By how many calendar days `to` lies after `from`, where the reader lives. */
export function daysBetween(from: Date, to: Date): number {
  const midnight = (date: Date): number =>
    Date.UTC(date.getFullYear(), date.getMonth(), date.getDate());
  return Math.round((midnight(to) - midnight(from)) / DAY);
}

/** "today at 16:40", "tomorrow", "on Thursday", "on 12 July". */
export function dayWords(to: Date, now: Date): string {
  const days = daysBetween(now, to);
  if (days <= 0) return `today at ${time(to)}`;
  if (days === 1) return "tomorrow";
  if (days < 7) return `on ${to.toLocaleDateString("en-GB", { weekday: "long" })}`;
  return `on ${date(to, now)}`;
}

/** "in 3 days, on Thursday"; the nearest ones as `dayWords` says them. */
export function backWords(to: Date, now: Date): string {
  const days = daysBetween(now, to);
  return days < 2 ? dayWords(to, now) : `in ${days} days, ${dayWords(to, now)}`;
}

function time(at: Date): string {
  return at.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
}

/** "12 July", with the year where it is another than now. */
export function date(at: Date, now: Date): string {
  const year = at.getFullYear() === now.getFullYear() ? undefined : "numeric";
  return at.toLocaleDateString("en-GB", { day: "numeric", month: "long", year });
}

/** "a, b, and c". */
export function list(parts: string[]): string {
  if (parts.length < 3) return parts.join(" and ");
  return `${parts.slice(0, -1).join(", ")}, and ${parts[parts.length - 1]}`;
}

/** "1 question", "3 questions"; a noun ending in -z doubles it: "2 quizzes". */
export function count(n: number, noun: string): string {
  if (n === 1) return `1 ${noun}`;
  return `${n} ${noun.endsWith("z") ? `${noun}zes` : `${noun}s`}`;
}

/** The same with a capital at its start. */
export function capital(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
