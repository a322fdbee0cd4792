/** The way to the next attempt; after a failed round it is shut for a while. */

import { current, isOver, lastRound, summary } from "../core/state";
import type { Objective, QuizData, QuizState } from "../core/types";
import { button, count, freshId, h, html, icon } from "./dom";
import type { Session } from "./session";
import { drawn, noun } from "./start";
import type { Watch } from "./watch";

/** Until when the way is shut, and which sections are still to be opened. */
export interface Shut {
  until: string;
  sections: string[];
}

/** What the first screen and the summary have in common: the ways on from there. */
export interface Way {
  session: Session;
  watch: Watch;
  /** Address of the page with the progress in all quizzes, where the book has one. */
  progress: string | undefined;
  begin(): void;
  train(): void;
}

export class Gate {
  readonly element = h("div", { class: "sc-again" });
  private readonly start: HTMLButtonElement;
  private readonly rows = new Map<string, HTMLElement>();
  private readonly time = h("p", { class: "sc-time" });
  private readonly said = h("p", { class: "sc-complaint", role: "status" });
  private shut: Shut | null = null;

  constructor(
    private readonly way: Way,
    primary: boolean,
  ) {
    const { data, state, shut } = way.session;
    const look = primary ? "sc-primary" : "";
    this.start = button(label(data, state), () => this.begin(), look);
    const actions = h(
      "div",
      { class: "sc-actions" },
      this.start,
      button("Practice without limits", way.train, "sc-quiet"),
      this.said,
    );
    if (shut) this.element.append(this.reasons(shut));
    this.element.append(actions);
    this.update(shut);
    way.watch.show(this);
  }

  /** Take over what is still to be done; say so when nothing is. */
  update(shut: Shut | null): void {
    for (const [id, row] of this.rows) {
      tick(row, !shut?.sections.includes(id));
    }
    this.start.setAttribute("aria-disabled", String(shut !== null));
    if (shut) this.time.textContent = left(shut);
    if (this.shut && !shut) {
      this.time.textContent = "";
      this.said.textContent = "The next round is open.";
    }
    this.shut = shut;
  }

  private begin(): void {
    if (!this.shut) this.way.begin();
    else this.said.textContent = `Not open yet. ${left(this.shut)}`;
  }

  /** What has to happen before the next round, and why. */
  private reasons(shut: Shut): HTMLElement {
    const { data, state } = this.way.session;
    const attempts = lastRound(state)?.attempts ?? [];
    const missed = attempts.flatMap((attempt) => summary(data, attempt).missed);
    const ids = inBook(data, [...missed, ...shut.sections]);
    const name = freshId();
    this.time.id = freshId();
    this.start.setAttribute("aria-describedby", this.time.id);
    return h(
      "div",
      { class: "sc-gate", role: "group", "aria-labelledby": name },
      h("p", { class: "sc-label", id: name }, "Before the next round"),
      h("p", {}, why(data.gate)),
      h(
        "ul",
        { class: "sc-sections" },
        ...ids.flatMap((id) => this.row(id, data.objectives[id])),
      ),
      this.time,
    );
  }

  private row(id: string, objective: Objective | undefined): HTMLElement[] {
    if (!objective) return [];
    const { href, title, text } = objective;
    const row = h(
      "li",
      {},
      h("span", { class: "sc-tick" }),
      h(
        "span",
        {},
        href ? h("a", { href }, title || href) : title,
        h("span", { class: "sc-mark" }),
        h("span", { class: "sc-muted sc-ability" }, html(text)),
      ),
    );
    this.rows.set(id, row);
    return [row];
  }
}

/** Objectives in the order in which the book teaches them, each once. */
export function inBook(data: QuizData, ids: readonly string[]): string[] {
  return Object.keys(data.objectives).filter((id) => ids.includes(id));
}

/** What the button does next. */
function label(data: QuizData, state: QuizState): string {
  const round = lastRound(state);
  if (!round) return `Start the ${noun(data)}`;
  if (current(state)) return "Go on with the attempt";
  return isOver(data, round)
    ? "Start a new round"
    : `Next attempt: ${drawn(data)} other questions`;
}

function tick(row: HTMLElement, opened: boolean): void {
  row.querySelector(".sc-tick")?.replaceChildren(icon(opened ? "right" : "open"));
  const mark = row.querySelector(".sc-mark");
  if (mark) mark.textContent = opened ? "opened" : "not opened yet";
}

function why(minutes: number): string {
  const pause = minutes ? ` and a pause of ${count(minutes, "minute")}` : "";
  return (
    "What was just refuted is easily repeated, and as easily forgotten. A look at the " +
    `missed sections${pause} makes the next round ask for what stayed.`
  );
}

/** "It opens at 14:05, in 8 minutes, when the sections above are opened." */
function left({ until, sections }: Shut): string {
  const end = new Date(until);
  const ms = end.getTime() - Date.now();
  let open = "";
  if (sections.length === 1) open = "once the section without a tick is opened";
  if (sections.length > 1)
    open = `once the ${sections.length} sections without a tick are opened`;
  if (ms <= 0) return `The pause is over; the next round opens ${open}.`;
  const clock = end.toLocaleTimeString("en", {
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
  return `The next round opens at ${clock}, ${away(ms)}${open && `, ${open}`}.`;
}

function away(ms: number): string {
  const minutes = Math.ceil(ms / 60_000);
  return minutes < 120
    ? `in ${count(minutes, "minute")}`
    : `in ${Math.round(minutes / 60)} hours`;
}
