/** The four levels of an objective: their names, their marks, their order. */

import type { Level } from "../../core";
import { h } from "../dom";
import { s } from "./svg";

/** From what is known best to what is not known yet. */
export const LEVELS: Level[] = ["mastered", "begun", "missed", "new"];

const MEANS: Record<Level, string> = {
  mastered: "your last two answers were right, to different questions",
  begun: "your last answer was right, and one more is wanted",
  missed: "your last answer was wrong",
  new: "not asked yet",
};

const SIGNS: Record<Level, string> = {
  mastered: "M3.5 8.5l3 3 6-7",
  begun: "M4 8h8",
  missed: "M4.5 4.5l7 7M11.5 4.5l-7 7",
  new: "",
};

/** A small tile that shows a level by its fill and by its sign. */
export function tile(level: Level): HTMLElement {
  const sign = s("path", { d: SIGNS[level] });
  const drawn = s("svg", { viewBox: "0 0 16 16", class: "sc-icon" }, sign);
  return h(
    "span",
    { class: "sc-tile", "data-level": level, "aria-hidden": "true" },
    drawn,
  );
}

/** What the tiles mean. */
export function legend(): HTMLElement {
  const rows = LEVELS.map((level) =>
    h("div", {}, h("dt", {}, tile(level), level), h("dd", {}, MEANS[level])),
  );
  return h("dl", { class: "sc-legend" }, ...rows);
}
