/** A quiz in a page: which screen stands there, and what each event does to it. */

import {
  current,
  keyIsOpen,
  lastAttempt,
  lastRound,
  type QuizEvent,
} from "../core/state";
import type {
  Answer,
  Attempt,
  AttemptItem,
  GradeRecord,
  ItemData,
  QuizData,
  QuizState,
} from "../core/types";
import { Answers } from "../answers";
import type { Store } from "../store";
import { Desk, type Work } from "./asked";
import { freshSeed, h, headingBelow } from "./dom";
import { files } from "./files";
import { onward } from "./onward";
import type { Pool } from "./pool";
import { Practice, practiceScreen } from "./practice";
import { start } from "./start";
import { steps } from "./steps";
import { summaryOf } from "./summary";
import { verdictWords } from "./verdict";

const VERDICT = ".sc-settled, .sc-verdict";
type Focus = typeof VERDICT | "legend" | ".sc-result" | null;
type Timeless<E> = E extends { now: string } ? Omit<E, "now"> : never;

const ELSEWHERE =
  "This quiz went on in another tab, or was loaded from a file. Here is how it stands now.";

export class Widget {
  private state: QuizState;
  private view: "start" | "attempt" | "summary" | "practice" = "start";
  private at = 0;
  private practice: Practice | null = null;
  private notice = "";
  private readonly desk: Desk;
  private readonly answers: Answers;
  private readonly title: HTMLElement;
  private readonly notes = h("div", { class: "sc-notes", role: "status" });
  private readonly body = h("div", { class: "sc-body" });
  private readonly said = h("p", { class: "sc-unseen", role: "status" });

  constructor(
    root: HTMLElement,
    private readonly data: QuizData,
    pool: Pool,
    private readonly store: Store,
  ) {
    this.desk = new Desk(data, pool);
    this.answers = new Answers(data);
    this.title = headingBelow(root, `Quiz: ${data.title}`);
    this.state = store.quiz(data.quiz);
    root.append(
      this.title,
      this.notes,
      this.body,
      files(store, () => this.erase()),
      this.said,
    );
    store.subscribe(() => this.changedElsewhere());
    if (current(this.state)) this.act({ type: "load" });
    this.open();
  }

  /** Show what the state calls for: the open attempt where it was left, or the result. */
  private open(): void {
    const attempt = this.attempt;
    this.view = !attempt ? "start" : attempt.finished === null ? "attempt" : "summary";
    if (this.view !== "start" && !this.whenAnswered(() => this.open())) return;
    const { at } = this.store.draft(this.data.quiz);
    this.at = Math.max(0, attempt?.items.findIndex(({ id }) => id === at) ?? 0);
    this.render(null);
  }

  /** Tell whether the answers are here; where not, load them and go on with `then`. */
  private whenAnswered(then: () => void): boolean {
    if (this.answers.here) return true;
    this.view = "start";
    this.notice = "Loading the questions …";
    this.render(null);
    this.answers.load().then(
      () => {
        this.notice = "";
        then();
      },
      (error: Error) => {
        this.notice = `The questions could not be loaded: ${error.message}. Nothing is lost; try again.`;
        this.render(null);
      },
    );
    return false;
  }

  private get attempt(): Attempt | undefined {
    return lastAttempt(this.state);
  }

  private item(id: string | undefined): ItemData | undefined {
    return this.data.items.find((item) => item.id === id);
  }

  /** Take over what another tab, or a loaded file, made of this quiz. */
  private changedElsewhere(): void {
    const before = JSON.stringify(this.state);
    const shown =
      this.view === "attempt" ? this.attempt?.items[this.at]?.id : undefined;
    this.state = this.store.quiz(this.data.quiz);
    if (before === JSON.stringify(this.state) || this.view === "practice") {
      this.showNotes();
      return;
    }
    this.notice = ELSEWHERE;
    this.open();
    const at = current(this.state)?.items.findIndex(({ id }) => id === shown) ?? -1;
    if (at >= 0) this.go(at, null);
  }

  /** Apply an event, unless the stored state is not the one that the reader sees. */
  private act(event: Timeless<QuizEvent>): boolean {
    const stored = this.store.quiz(this.data.quiz);
    if (JSON.stringify(stored) !== JSON.stringify(this.state)) {
      this.changedElsewhere();
      return false;
    }
    this.notice = "";
    const now = new Date().toISOString();
    this.state = this.store.dispatch(this.data, { ...event, now } as QuizEvent);
    return true;
  }

  private begin(): void {
    if (!this.whenAnswered(() => this.begin())) return;
    if (!this.act({ type: "start", seed: freshSeed() })) return;
    this.desk.clear();
    this.store.setDraft(this.data.quiz, (draft) => {
      draft.answers = {};
      draft.records = {};
    });
    this.view = "attempt";
    this.go(0, "legend");
  }

  private erase(): void {
    if (!this.act({ type: "reset" })) return;
    this.view = "start";
    this.render(null);
    this.title.focus();
  }

  private startPractice(): void {
    if (!this.whenAnswered(() => this.startPractice())) return;
    this.practice = new Practice(this.data, freshSeed());
    this.view = "practice";
    this.render("legend");
  }

  private go(at: number, focus: Focus): void {
    this.at = at;
    this.store.setDraft(this.data.quiz, (draft) => {
      const id = this.attempt?.items[at]?.id;
      if (id) draft.at = id;
    });
    this.render(focus);
  }

  private render(focus: Focus): void {
    const screens = {
      start: () => this.startScreen(),
      attempt: () => this.attemptScreen(),
      summary: () => this.summaryScreen(),
      practice: () => this.practiceScreen(),
    };
    this.body.replaceChildren(...screens[this.view]());
    this.showNotes();
    if (!focus) return;
    const place = this.body.querySelector<HTMLElement>(focus) ?? this.title;
    place.focus({ preventScroll: true });
    this.bring(place, focus === VERDICT);
  }

  /** Scroll, where it is needed, to the verdict or to the top of the quiz. */
  private bring(place: HTMLElement, verdict: boolean): void {
    const { top } = place.getBoundingClientRect();
    if (verdict) place.scrollIntoView({ block: "nearest" });
    else if (top < 100 || top > 0.7 * innerHeight) this.title.scrollIntoView();
  }

  private showNotes(): void {
    const words = [this.store.note, this.notice].filter(Boolean);
    this.notes.replaceChildren(
      ...words.map((note) => h("p", { class: "sc-note" }, note)),
    );
  }

  private startScreen(): HTMLElement[] {
    const begin = (): void => this.begin();
    const practice = (): void => this.startPractice();
    return [start(this.data, this.state, { begin, practice })];
  }

  private attemptScreen(): HTMLElement[] {
    const attempt = this.attempt;
    const entry = attempt?.items[this.at];
    const item = this.item(entry?.id);
    if (!attempt || !entry || !item) return this.startScreen();
    return [
      steps(attempt, this.at, (at) => this.go(at, "legend")),
      this.desk.ask(this.work(attempt, entry, item), attempt.seed),
      onward({
        data: this.data,
        attempt,
        entry,
        go: (at) => this.go(at, "legend"),
        finish: () => this.act({ type: "finish" }) && this.showResult(),
        result: () => this.showResult(),
      }),
    ];
  }

  private work(attempt: Attempt, entry: AttemptItem, item: ItemData): Work {
    const { id } = item;
    const round = lastRound(this.state);
    const draft = this.store.draft(this.data.quiz);
    return {
      item,
      entry,
      place: `Question ${attempt.items.indexOf(entry) + 1} of ${attempt.items.length}`,
      mode: "attempt",
      keyOpen: round !== undefined && keyIsOpen(this.data, round, entry),
      draft: draft.answers[id],
      record: draft.records[id],
      keep: (answer, record) => this.keep(id, answer, record),
      answer: (answer, right) =>
        this.settle({ type: "answer", item: id, answer, right }),
      giveUp: () => this.settle({ type: "give_up", item: id }),
    };
  }

  private keep(id: string, answer: Answer | null, record?: GradeRecord): void {
    this.store.setDraft(this.data.quiz, (draft) => {
      if (answer) draft.answers[id] = answer;
      else delete draft.answers[id];
      if (record) draft.records[id] = record;
    });
  }

  private settle(event: Extract<Timeless<QuizEvent>, { item: string }>): void {
    const changed = this.act(event);
    this.render(changed ? VERDICT : null);
    const entry = this.attempt?.items.find(({ id }) => id === event.item);
    const item = this.item(event.item);
    if (entry && item) this.said.textContent = verdictWords(entry, item);
  }

  private showResult(): void {
    this.view = "summary";
    this.render(".sc-result");
  }

  private summaryScreen(): HTMLElement[] {
    const round = lastRound(this.state);
    const attempt = this.attempt;
    if (!round || !attempt) return this.startScreen();
    const review = (entry: AttemptItem): HTMLElement => {
      const item = this.item(entry.id) as ItemData;
      const work = this.work(attempt, entry, item);
      return this.desk.ask({ ...work, mode: "review", place: "" }, attempt.seed);
    };
    return [
      summaryOf({
        data: this.data,
        state: this.state,
        round,
        attempt,
        begin: () => this.begin(),
        practice: () => this.startPractice(),
        review,
      }),
    ];
  }

  private practiceScreen(): HTMLElement[] {
    const practice = this.practice ?? new Practice(this.data, freshSeed());
    this.practice = practice;
    return practiceScreen(practice, this.desk, {
      settled: () => this.render(VERDICT),
      moved: () => this.render("legend"),
      leave: () => {
        this.open();
        this.title.focus();
      },
    });
  }
}
