/** Due today: how many questions, from where, and when the next ones come. */

import { h } from "../dom";
import type { Library } from "./book";
import { dueNow, upcoming, type Family } from "./ledger";
import { backWords, capital, count, daysBetween, list } from "./words";

/** How many of the days ahead are named. */
const AHEAD = 3;

/** What is due now, and below it what comes later; `go` begins the review. */
export function today(library: Library, go: () => void): HTMLElement[] {
  const now = new Date();
  const due = dueNow(library.shelves, now.toISOString());
  const next = upcoming(library.shelves, now.toISOString());
  const start = h(
    "button",
    { type: "button", class: "sc-button sc-primary", onclick: go },
    "Review",
  );
  if (due.length) {
    return [
      h("p", { class: "sc-lead" }, ...dueWords(due, library)),
      h("div", { class: "sc-actions" }, start),
      ...ahead(next, now),
      rule(library),
    ];
  }
  if (!next.length) return [h("p", { class: "sc-lead" }, learned(library))];
  return [
    h("p", { class: "sc-lead" }, h("strong", {}, "Nothing is due now.")),
    ...ahead(next, now),
    rule(library),
  ];
}

function dueWords(due: readonly Family[], library: Library): (Node | string)[] {
  const n = due.length;
  const alarms = due.filter(({ lead }) => lead.card.alarm).length;
  return [
    h("strong", {}, count(n, "question")),
    ` ${n === 1 ? "is" : "are"} due${origins(due, library)}.${alarmWords(alarms, n)}`,
  ];
}

/** Why some come first: nothing needs a second look as much as a sure mistake. */
function alarmWords(alarms: number, n: number): string {
  if (!alarms) return "";
  const start = "You were sure of a wrong answer to";
  if (n === 1) return ` ${start} it.`;
  return alarms === 1
    ? ` ${start} one of them: it comes first.`
    : ` ${start} ${alarms} of them: they come first.`;
}

/** ", from The gradient tape"; ": 3 from The gradient tape and 1 from Graphs". */
function origins(families: readonly Family[], library: Library): string {
  const pools = new Map<string, number>();
  for (const { pool } of families) pools.set(pool, (pools.get(pool) ?? 0) + 1);
  const order = library.book.quizzes.map(({ quiz }) => quiz);
  const sorted = [...pools].sort(([a], [b]) => order.indexOf(a) - order.indexOf(b));
  if (sorted.length === 1) return `, from ${library.title(sorted[0]?.[0] ?? "")}`;
  const parts = sorted.map(([pool, n]) => `${n} from ${library.title(pool)}`);
  return `: ${list(parts)}`;
}

/** The next days on which something comes back, and how much. */
function ahead(next: readonly Family[], now: Date): HTMLElement[] {
  const days = new Map<number, { first: Date; n: number }>();
  for (const { lead } of next) {
    const at = new Date(lead.card.due ?? "");
    const key = daysBetween(now, at);
    const known = days.get(key); // the first of a day comes first: `next` is sorted
    days.set(key, { first: known?.first ?? at, n: (known?.n ?? 0) + 1 });
  }
  if (!days.size) return [];
  const all = [...days.values()];
  const rows = all
    .slice(0, AHEAD)
    .flatMap(({ first, n }) => [
      h("dt", {}, capital(backWords(first, now))),
      h("dd", {}, count(n, "question")),
    ]);
  const later = all.slice(AHEAD).reduce((sum, { n }) => sum + n, 0);
  if (later)
    rows.push(h("dt", {}, "After that"), h("dd", {}, count(later, "question")));
  return [
    h("p", { class: "sc-label" }, "What comes back next"),
    h("dl", { class: "sc-ahead" }, ...rows),
  ];
}

/** What to say where nothing waits. */
function learned(library: Library): string {
  const any = library.shelves.some(({ state }) => Object.keys(state.deck).length);
  if (any) return "Every question you met is learned: none of them comes back.";
  const [first] = daysOf(library);
  if (first === undefined) return "The quizzes of this book ask nothing a second time.";
  return `A question comes back here ${count(first, "day")} after you answered it.`;
}

/** The days between reviews, as the first quiz that has some says them. */
function daysOf(library: Library): number[] {
  return library.shelves.find(({ data }) => data.review.length)?.data.review ?? [];
}

/** How the review works, with the days of the book's own rule. */
function rule(library: Library): HTMLElement {
  const days =
    library.shelves.find(({ data }) => data.review.length)?.data.review ?? [];
  return h(
    "p",
    { class: "sc-muted" },
    `A question comes back after ${list(days.map(String))} days, as another one on ` +
      "the same point where there is one. A right answer sends it further away, a " +
      "wrong one to the start.",
  );
}

/** What to say of a settled question: when it comes back, and why then. */
export function backSentence(back: string | null, points: number): string {
  if (back === null) return "It is learned, and does not come back.";
  const when = backWords(new Date(back), new Date());
  if (points === 1) return `It comes back ${when}.`;
  if (points > 0) return `It comes back after the same wait as before, ${when}.`;
  return `It comes back ${when}, from the start.`;
}
