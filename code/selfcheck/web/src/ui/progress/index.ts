/** The reader's progress on one page: due questions, levels, self-judgment, record. */

import { calibration } from "../../core";
import { Store } from "../../store";
import { h } from "../dom";
import { readBook, Library, type BookData } from "./book";
import { judgment } from "./calibration";
import { deskScreen, spoken, type Steps } from "./desk";
import { empty } from "./empty";
import { known } from "./known";
import { dueNow, upcoming } from "./ledger";
import { moveTo, notes, part, redraw } from "./parts";
import { Record } from "./record";
import { Review, type Question } from "./review";
import { today } from "./today";

const VERDICT = ".sc-settled, .sc-verdict";

const ELSEWHERE =
  "This question was answered in another tab, or your record was changed there. Here " +
  "is how it stands now.";
const FORGOTTEN = "Your record was erased in this browser, so the page begins anew.";
const HOUR = 60 * 60 * 1000;

class ProgressPage {
  private readonly store: Store;
  private readonly library: Library;
  private readonly review: Review;
  private readonly record: Record;
  private readonly notes = h("div", { class: "sc-notes", role: "status" });
  private readonly said = h("p", { class: "sc-unseen", role: "status" });
  private readonly due = part("due", "Due today");
  private readonly levels = part("known", "What you know");
  private readonly judged = part("judgment", "How well you judge yourself");
  private readonly kept = part("record", "Your record");
  private readonly start = h("div", {});
  private notice = "";
  /** What was drawn last: the question on the desk, and all that the page reads. */
  private shown = "";
  private drawn = "";
  /** Whether the record is changed by this page itself. */
  private own = false;
  private timer = 0;

  constructor(
    private readonly root: HTMLElement,
    book: BookData,
  ) {
    this.store = new Store(book.book);
    this.library = new Library(book, this.store);
    this.review = new Review(this.store, this.library);
    this.record = new Record(this.store, this.library, (change) => {
      this.own = true;
      try {
        change();
      } finally {
        this.own = false;
      }
    });
    this.kept.body.append(this.record.element);
    root.append(this.notes, this.start);
    for (const { element } of [this.due, this.levels, this.judged, this.kept]) {
      root.append(element);
    }
    root.append(this.said);
    this.store.subscribe(() => void this.changed(this.own));
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden) void this.changed();
    });
    void this.refresh();
  }

  /** Read everything anew and draw it. */
  private async refresh(): Promise<void> {
    await this.library.refresh();
    this.draw();
    this.desk(null);
  }

  /**
   * Take over what was changed; a question that still stands stays as it is, unless
   * the change is `sure` to concern it.
   */
  private async changed(own = false, sure = false): Promise<void> {
    const { library, review } = this;
    const had = library.shelves.length > 0;
    await library.refresh();
    if (!sure && this.drawn === this.now()) return this.wait();
    const gone = had && !library.shelves.length;
    const { open } = review.kept;
    if (gone) review.kept.leave();
    const same = !sure && review.kept.open && this.stands() === this.shown;
    this.notice = own || same ? "" : gone ? FORGOTTEN : open ? ELSEWHERE : "";
    this.draw();
    if (!same) this.desk(null);
  }

  /** All that the page shows, as a text: where it is the same, nothing is redrawn. */
  private now(): string {
    const { shelves, states, missing } = this.library;
    const due = dueNow(shelves, new Date().toISOString()).map(({ key }) => key);
    return JSON.stringify([states, due, missing]);
  }

  private stands(): string {
    const question = this.review.question();
    return question ? JSON.stringify([question.key, question.entry]) : "";
  }

  private draw(): void {
    const { library } = this;
    const any = library.shelves.length > 0;
    this.start.replaceChildren(...(any ? [] : empty(library.book.quizzes[0])));
    for (const { element } of [this.due, this.levels, this.judged]) {
      element.hidden = !any;
    }
    redraw(this.levels.body, known(library.chapters, library.exams, library.rest));
    const bins = calibration(library.shelves.map(({ state }) => state));
    this.judged.body.replaceChildren(...judgment(bins));
    this.record.update();
    this.showNotes();
    this.wait();
    this.drawn = this.now();
    this.root.removeAttribute("aria-busy");
  }

  /** Look again when the next question comes due. */
  private wait(): void {
    window.clearTimeout(this.timer);
    const now = new Date();
    const [next] = upcoming(this.library.shelves, now.toISOString());
    if (!next) return;
    const ms = Date.parse(next.lead.card.due ?? "") - now.getTime();
    this.timer = window.setTimeout(
      () => void this.changed(),
      Math.min(Math.max(ms, 0) + 50, HOUR),
    );
  }

  private showNotes(): void {
    const words = [this.store.note, this.notice];
    const again = (): void => void this.refresh();
    this.notes.replaceChildren(...notes(words, this.library.missing, again));
  }

  /** Draw the first part: the overview of what is due, or the review. */
  private desk(focus: string | null): void {
    const { review, due } = this;
    const open = review.kept.open && this.library.shelves.length > 0;
    const begin = (): void => {
      review.clear();
      review.begin();
      this.move("legend");
    };
    due.body.classList.toggle("sc-review", open);
    due.body.replaceChildren(
      ...(open ? deskScreen(review, this.steps) : today(this.library, begin)),
    );
    this.shown = open ? this.stands() : "";
    if (focus) moveTo(due, focus);
  }

  private move(focus: string): void {
    this.notice = "";
    this.showNotes();
    this.desk(focus);
  }

  private get steps(): Steps {
    return {
      told: (question, news) => {
        if (news === "elsewhere") return void this.changed(false, true);
        this.draw();
        this.move(VERDICT);
        this.speak(question);
      },
      moved: () => this.move("legend"),
      leave: () => {
        this.review.kept.leave();
        this.draw();
        this.move("h2");
      },
    };
  }

  private speak({ key }: Question): void {
    const question = this.review.question();
    if (question?.key === key) this.said.textContent = spoken(question);
  }
}

/** Put the reader's progress into its section; on failure say what is wrong. */
export function mountProgress(section: HTMLElement): void {
  const root = h("div", { class: "sc-quiz sc-progress", "aria-busy": "true" });
  section.append(root);
  try {
    new ProgressPage(root, readBook(section));
  } catch (error) {
    const words = `Your progress cannot be shown: ${(error as Error).message}.`;
    root.replaceChildren(h("p", { class: "sc-note", role: "alert" }, words));
    root.removeAttribute("aria-busy");
  }
}
