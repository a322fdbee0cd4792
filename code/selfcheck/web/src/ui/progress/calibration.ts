/** How well you judge yourself: what you said of an answer against what it was. */

import { calibration } from "../../core";
import { h } from "../dom";
import { s } from "./svg";
import { count } from "./words";

type Bins = ReturnType<typeof calibration>;
type Bin = Bins["sure"];

const ROWS = ["sure", "unsure", "guess"] as const;
const NAMES = { sure: "Sure", unsure: "Unsure", guess: "Guess" };
const STEP = 64; // px between two rows
/** Below this, a share says more about luck than about the reader. */
const ENOUGH = 5;

export function judgment(bins: Bins): HTMLElement[] {
  const total = ROWS.reduce((sum, name) => sum + bins[name].n, 0);
  if (!total) {
    return [
      h(
        "p",
        {},
        "You submit an answer by saying how sure you are of it: guess, unsure, or " +
          "sure. Here you will see how often each of them was right. None of your " +
          "answers has said it yet.",
      ),
    ];
  }
  return [
    h("p", { class: "sc-lead" }, sureWords(bins.sure)),
    ...others(bins).map((words) => h("p", {}, words)),
    h("figure", { class: "sc-judgment" }, picture(bins), caption(total)),
  ];
}

function caption(total: number): HTMLElement {
  return h(
    "figcaption",
    {},
    `The share of right answers among ${count(total, "first answer")}. The band ` +
      "around a point is where that share may lie, given how few or many they are.",
  );
}

/** "Of 12 answers you were sure of, 9 were right", and what follows from it. */
export function sureWords({ n, right }: Bin): string {
  if (n === 0) return "You have not been sure of an answer yet.";
  const start =
    n === 1
      ? `The one answer you were sure of was ${right ? "right" : "wrong"}`
      : `Of ${n} answers you were sure of, ${right === 0 ? "none" : right} ` +
        `${right === 1 ? "was" : "were"} right`;
  if (n < ENOUGH) return `${start}; ${ENOUGH} say more than luck.`;
  if (right === n) return `${start}: being sure means something when you say it.`;
  if (right / n >= 0.9) return `${start}: you can build on what you are sure of.`;
  const one = Math.round(n / (n - right));
  if (right / n >= 0.7) {
    return `${start}: one in ${one} of the things you take for certain is not so.`;
  }
  return `${start}: being sure tells little so far. Look up even what seems plain.`;
}

/** What the other two say, as far as they say something. */
function others({ sure, unsure, guess }: Bins): string[] {
  const said: string[] = [];
  const share = ({ n, right }: Bin): number => right / n;
  if (guess.n >= ENOUGH) {
    const start = `Of ${guess.n} guesses, ${guess.right} were right`;
    if (share(guess) >= 0.6) said.push(`${start}: you know more than you trust.`);
    else if (share(guess) <= 0.4) said.push(`${start}: you know what you do not know.`);
  }
  if (sure.n >= ENOUGH && unsure.n >= ENOUGH && share(unsure) >= share(sure)) {
    said.push("What you were unsure of was right as often as what you were sure of.");
  }
  return said;
}

/**
 * The interval in which the true share lies with 95 % (Wilson's score interval),
 * as shares from 0 to 1.
 */
export function interval({ n, right }: Bin): [number, number] {
  const z = 1.96;
  const p = right / n;
  const wide = 1 + (z * z) / n;
  const middle = (p + (z * z) / (2 * n)) / wide;
  const half = (z / wide) * Math.sqrt((p * (1 - p)) / n + (z * z) / (4 * n * n));
  return [Math.max(0, middle - half), Math.min(1, middle + half)];
}

function rightOf({ n, right }: Bin): string {
  return n ? `${right} of ${n} right` : "not said yet";
}

/** Widths are in percent and letters in pixels: it fits a phone and stays readable. */
function picture(bins: Bins): SVGElement {
  const words = ROWS.map((name) => `${NAMES[name]}: ${rightOf(bins[name])}`);
  const height = ROWS.length * STEP + 28;
  return s(
    "svg",
    {
      class: "sc-chart",
      role: "img",
      width: "100%",
      height,
      "aria-label": `${words.join(". ")}.`,
    },
    ...ROWS.flatMap((name, at) => row(name, bins[name], at * STEP)),
    ...axis(ROWS.length * STEP + 20),
  );
}

function row(name: (typeof ROWS)[number], bin: Bin, top: number): SVGElement[] {
  const y = top + 38;
  const percent = (share: number): string => `${(100 * share).toFixed(1)}%`;
  const parts = [
    s("text", { x: 0, y: top + 20, class: "sc-chart-name" }, NAMES[name]),
    s(
      "text",
      { x: "100%", y: top + 20, "text-anchor": "end", class: "sc-chart-count" },
      rightOf(bin),
    ),
    s("line", { x1: 0, x2: "100%", y1: y, y2: y, class: "sc-chart-track" }),
  ];
  if (!bin.n) return parts;
  const [low, high] = interval(bin);
  const band = { x1: percent(low), x2: percent(high), y1: y, y2: y };
  return [
    ...parts,
    s("line", { ...band, class: "sc-chart-band" }),
    s("circle", { cx: percent(bin.right / bin.n), cy: y, r: 7, class: "sc-chart-dot" }),
  ];
}

function axis(y: number): SVGElement[] {
  const marks = [
    ["0", "start", "0 %"],
    ["50%", "middle", "50 %"],
    ["100%", "end", "100 % right"],
  ];
  return marks.map(([x, anchor, words]) =>
    s(
      "text",
      { x: x ?? 0, y, "text-anchor": anchor ?? "", class: "sc-chart-axis" },
      words ?? "",
    ),
  );
}
