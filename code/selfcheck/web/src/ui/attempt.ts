/** An attempt on the screen: the question at hand, and the ways to the others. */

import { current, keyIsOpen, lastAttempt, lastRound } from "../core/state";
import type { Answer, Attempt, AttemptItem, GradeRecord } from "../core/types";
import type { Store } from "../store";
import type { Desk, Work } from "./asked";
import { bygone } from "./bygone";
import { onward } from "./onward";
import type { Act, Session } from "./session";
import { steps } from "./steps";
import { verdictWords } from "./verdict";

export const VERDICT = ".sc-settled, .sc-verdict";
export type Focus = typeof VERDICT | "legend" | ".sc-result" | null;

/** What the quiz around the attempt does for it. */
export interface Stage {
  session: Session;
  store: Store;
  desk: Desk;
  /** Apply an event; false where the screen is out of date. */
  act(event: Act): boolean;
  render(focus: Focus): void;
  showResult(): void;
  /** Tell assistive technology. */
  say(words: string): void;
}

export class AttemptView {
  private at = 0;

  constructor(private readonly stage: Stage) {}

  get attempt(): Attempt | undefined {
    return lastAttempt(this.stage.session.state);
  }

  private get quiz(): string {
    return this.stage.session.data.quiz;
  }

  /** The id of the question at hand. */
  get shown(): string | undefined {
    return this.attempt?.items[this.at]?.id;
  }

  /** Turn to a question of the open attempt, or to where the reader left off. */
  turnTo(id: string | undefined = this.stage.store.draft(this.quiz).at): void {
    const items = current(this.stage.session.state)?.items ?? [];
    this.at = Math.max(
      0,
      items.findIndex((entry) => entry.id === id),
    );
  }

  go(at: number, focus: Focus = "legend"): void {
    this.at = at;
    this.stage.store.setDraft(this.quiz, (draft) => {
      if (this.shown) draft.at = this.shown;
    });
    this.stage.render(focus);
  }

  /** Forget what was typed in the attempt before. */
  clear(): void {
    this.stage.desk.clear();
    this.stage.store.setDraft(this.quiz, (draft) => {
      draft.answers = {};
      draft.records = {};
    });
  }

  screen(): HTMLElement[] {
    const { attempt, stage } = this;
    const entry = attempt?.items[this.at];
    if (!attempt || !entry) return [];
    return [
      steps(attempt, this.at, (at) => this.go(at)),
      this.question(attempt, entry, "attempt"),
      onward({
        data: stage.session.data,
        attempt,
        entry,
        go: (at) => this.go(at),
        finish: () => stage.act({ type: "finish" }) && stage.showResult(),
        result: () => stage.showResult(),
      }),
    ];
  }

  /** A question of the last attempt, to answer or to look at again. */
  question(attempt: Attempt, entry: AttemptItem, mode: Work["mode"]): HTMLElement {
    const { data } = this.stage.session;
    const place =
      mode === "attempt"
        ? `Question ${attempt.items.indexOf(entry) + 1} of ${attempt.items.length}`
        : "";
    const item = data.items.find(({ id }) => id === entry.id);
    // What was settled before the book changed is not in the pool as it was asked.
    if (!item || item.rev !== entry.rev) return bygone(entry, place);
    return this.stage.desk.ask(
      { item, entry, place, mode, ...this.acts(entry) },
      attempt.seed,
    );
  }

  private acts(entry: AttemptItem): Omit<Work, "item" | "entry" | "place" | "mode"> {
    const { data, state } = this.stage.session;
    const { id } = entry;
    const round = lastRound(state);
    const draft = this.stage.store.draft(data.quiz);
    return {
      keyOpen: round !== undefined && keyIsOpen(data, round, entry),
      draft: draft.answers[id],
      record: draft.records[id],
      keep: (answer, record) => this.keep(id, answer, record),
      answer: (answer, right, confidence) =>
        this.settle({ type: "answer", item: id, answer, right, confidence }),
      giveUp: () => this.settle({ type: "give_up", item: id }),
    };
  }

  private keep(id: string, answer: Answer | null, record?: GradeRecord): void {
    this.stage.store.setDraft(this.quiz, (draft) => {
      if (answer) draft.answers[id] = answer;
      else delete draft.answers[id];
      if (record) draft.records[id] = record;
    });
  }

  private settle(event: Extract<Act, { item: string }>): void {
    const { stage } = this;
    if (!stage.act(event)) return;
    stage.render(VERDICT);
    const entry = this.attempt?.items.find(({ id }) => id === event.item);
    const item = stage.session.data.items.find(({ id }) => id === event.item);
    if (entry && item) stage.say(verdictWords(entry, item));
  }
}
