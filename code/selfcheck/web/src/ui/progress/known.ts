/** What you know: a row of tiles per chapter, one tile per objective. */

import { mastery, summary, type Level } from "../../core";
import type { Attempt, QuizData } from "../../core/types";
import { h, html } from "../dom";
import { points } from "../start";
import type { QuizRef } from "./book";
import { together, type Shelf } from "./ledger";
import { LEVELS, legend, tile } from "./levels";
import { count, list } from "./words";

type Levels = ReturnType<typeof mastery>;

/** A chapter whose questions were met, in its own quiz or in an exam. */
interface Chapter {
  shelf: Shelf;
  levels: Levels;
  /** The objectives that are asked, in the order of the chapter. */
  aims: string[];
  mastered: number;
}

/** Chapters that stand open at first: with more of them, a page of bars says more. */
const OPEN = 2;

export function known(
  chapters: readonly Shelf[],
  exams: readonly Shelf[],
  rest: readonly QuizRef[],
): HTMLElement[] {
  const read = chapters.map((shelf) => chapter(shelf, exams));
  return [
    overview(read, exams),
    legend(),
    ...read.map((one) => block(one, read.length <= OPEN)),
    ...(exams.length ? [h("h3", {}, "Part exams"), results(exams)] : []),
    ...notBegun(rest),
  ];
}

function chapter(shelf: Shelf, exams: readonly Shelf[]): Chapter {
  const levels = mastery(shelf.data, together(shelf, exams));
  const aims = Object.keys(shelf.data.objectives).filter((id) => levels[id]);
  const mastered = aims.filter((id) => levels[id]?.level === "mastered").length;
  return { shelf, levels, aims, mastered };
}

/** Whether some attempt at a quiz passed. */
export function passed({ data, state }: Shelf): boolean {
  return attempts({ state }).some((attempt) => summary(data, attempt).passed);
}

function attempts({ state }: Pick<Shelf, "state">): Attempt[] {
  return state.rounds.flatMap((round) => round.attempts);
}

function overview(read: readonly Chapter[], exams: readonly Shelf[]): HTMLElement {
  const sum = (numbers: number[]): number => numbers.reduce((a, b) => a + b, 0);
  const all = sum(read.map(({ aims }) => aims.length));
  const mastered = sum(read.map((one) => one.mastered));
  const where = read.length === 1 ? "the chapter" : `the ${read.length} chapters`;
  return h(
    "p",
    { class: "sc-lead" },
    h("strong", {}, `${mastered} of ${all} objectives mastered`),
    ` in ${where} you have begun. ${passedWords(read, exams)}`,
  );
}

function passedWords(read: readonly Chapter[], exams: readonly Shelf[]): string {
  const quizzes = read.filter(({ shelf }) => passed(shelf)).length;
  const parts = [
    quizzes ? count(quizzes, "quiz") : "",
    exams.some(passed) ? count(exams.filter(passed).length, "part exam") : "",
  ].filter(Boolean);
  return parts.length ? `Passed: ${list(parts)}.` : "No quiz is passed yet.";
}

function block(chapter: Chapter, open: boolean): HTMLElement {
  const { shelf, levels, aims, mastered } = chapter;
  const { ref, data } = shelf;
  const standing = attempts(shelf).length
    ? passed(shelf)
      ? "quiz passed"
      : "quiz not passed yet"
    : "quiz not taken yet";
  const rows = aims.map((id) => aim(data, levels, id));
  return h(
    "section",
    { class: "sc-chapter", "data-chapter": ref.quiz },
    h("h3", {}, h("a", { href: ref.page }, ref.title)),
    h(
      "p",
      { class: "sc-standing" },
      `${mastered} of ${aims.length} mastered, ${standing}`,
    ),
    bar(chapter),
    h(
      "details",
      { id: `progress-${ref.quiz}`, open },
      h("summary", {}, count(aims.length, "objective")),
      h("ul", { class: "sc-aims" }, ...rows),
    ),
  );
}

/** One tile per objective, in the order of the chapter; the list below says the same. */
function bar({ levels, aims }: Chapter): HTMLElement {
  const levelOf = (id: string): Level => levels[id]?.level ?? "new";
  const words = LEVELS.flatMap((level) => {
    const n = aims.filter((id) => levelOf(id) === level).length;
    return n ? `${n} ${level}` : [];
  });
  return h(
    "div",
    {
      class: "sc-tiles",
      role: "img",
      "aria-label": `${count(aims.length, "objective")}: ${list(words)}`,
    },
    ...aims.map((id) => tile(levelOf(id))),
  );
}

function aim(data: QuizData, levels: Levels, id: string): HTMLElement {
  const { level = "new", asked = 0, right = 0 } = levels[id] ?? {};
  const { href, title, text } = data.objectives[id] ?? {
    href: "",
    title: id,
    text: "",
  };
  const answers = asked ? `, ${right} of ${count(asked, "answer")} right` : "";
  return h(
    "li",
    { "data-objective": id },
    tile(level),
    h(
      "div",
      {},
      href ? h("a", { href }, title || href) : h("span", {}, title || id),
      h("span", { class: "sc-level" }, `${level}${answers}`),
      h("div", { class: "sc-aim" }, html(text)),
    ),
  );
}

function results(exams: readonly Shelf[]): HTMLElement {
  const rows = exams.map((shelf) => {
    const made = attempts(shelf).map((attempt) => summary(shelf.data, attempt));
    const best = made.sort((a, b) => b.points - a.points)[0];
    const words = passed(shelf) ? "passed" : "not passed yet";
    const most = best ? `, best ${points(best.points)} of ${best.of} points` : "";
    const { ref } = shelf;
    const link = h("a", { href: ref.page }, ref.title);
    return h("li", {}, link, `: ${words}${most}`);
  });
  return h("ul", { class: "sc-exams" }, ...rows);
}

/** The rest of the book in a line or two. */
function notBegun(rest: readonly QuizRef[]): HTMLElement[] {
  if (!rest.length) return [];
  const links = rest.flatMap((ref, at) => [
    at ? ", " : "",
    h("a", { href: ref.page }, ref.title),
    ref.exam ? "" : ` (${count(ref.objectives, "objective")})`,
  ]);
  return [h("p", { class: "sc-rest" }, "Not begun yet: ", ...links, ".")];
}
