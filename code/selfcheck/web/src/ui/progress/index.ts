/** The reader's progress on one page: due questions, levels, self-judgment, record. */

import { calibration } from "../../core";
import { Store } from "../../store";
import { button, h } from "../dom";
import { readBook, Library, type BookData } from "./book";
import { judgment } from "./calibration";
import { deskScreen, spoken, type Steps } from "./desk";
import { empty } from "./empty";
import { known } from "./known";
import { upcoming } from "./ledger";
import { Record } from "./record";
import { Review, type Question } from "./review";
import { today } from "./today";

const VERDICT = ".sc-settled, .sc-verdict";
type Focus = typeof VERDICT | "legend" | ".sc-result" | "h2" | null;

const ELSEWHERE =
  "Your record was changed in another tab or by a file. Here is how it stands now.";
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
  private shown = "";
  private timer = 0;

  constructor(root: HTMLElement, book: BookData) {
    this.store = new Store(book.book);
    this.library = new Library(book, this.store);
    this.review = new Review(this.store, this.library);
    this.record = new Record(this.store, this.library, (erased) => {
      if (erased) this.review.kept.wipe();
      void this.changed();
    });
    this.kept.body.append(this.record.element);
    root.append(this.notes, this.start);
    for (const { element } of [this.due, this.levels, this.judged, this.kept]) {
      root.append(element);
    }
    root.append(this.said);
    this.store.subscribe(() => void this.changed(ELSEWHERE));
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

  /** Take over what was changed elsewhere; a question that still stands stays. */
  private async changed(notice = ""): Promise<void> {
    const had = this.library.shelves.length > 0;
    await this.library.refresh();
    const gone = had && !this.library.shelves.length;
    const same = this.review.kept.open && this.stands() === this.shown;
    if (gone) this.review.kept.leave();
    this.notice = gone ? FORGOTTEN : same ? "" : notice;
    this.draw();
    if (!same) this.desk(null);
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
    this.levels.body.replaceChildren(
      ...known(library.chapters, library.exams, library.rest),
    );
    const bins = calibration(library.shelves.map(({ state }) => state));
    this.judged.body.replaceChildren(...judgment(bins));
    this.record.update();
    this.showNotes();
    this.wait();
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
    const { missing } = this.library;
    const words = [this.store.note, this.notice].filter(Boolean);
    this.notes.replaceChildren(
      ...words.map((note) => h("p", { class: "sc-note" }, note)),
    );
    if (!missing.length) return;
    const again = button("Try again", () => void this.refresh());
    const list = missing.join("; ");
    this.notes.append(
      h(
        "p",
        { class: "sc-note" },
        `Not everything could be loaded, and nothing is lost: ${list}. `,
        again,
      ),
    );
  }

  /** Draw the first part: the overview of what is due, or the review. */
  private desk(focus: Focus): void {
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
    if (!focus) return;
    const place =
      due.body.querySelector<HTMLElement>(focus) ??
      due.body.querySelector<HTMLElement>(".sc-result") ??
      due.title;
    place.focus({ preventScroll: true });
    if (focus === VERDICT) place.scrollIntoView({ block: "nearest" });
    else bring(due.title);
  }

  private move(focus: Focus): void {
    this.notice = "";
    this.showNotes();
    this.desk(focus);
  }

  private get steps(): Steps {
    return {
      told: (question, news) => {
        if (news === "elsewhere") return void this.changed(ELSEWHERE);
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

interface Part {
  element: HTMLElement;
  title: HTMLElement;
  body: HTMLElement;
}

function part(name: string, title: string): Part {
  const id = `progress-${name}`;
  const heading = h("h2", { id, tabindex: "-1" }, title);
  const body = h("div", { class: `sc-part-${name}` });
  const element = h("section", { "aria-labelledby": id }, heading, body);
  return { element, title: heading, body };
}

/** Scroll to the top of the review where it is out of sight or low on the screen. */
function bring(title: HTMLElement): void {
  const { top } = title.getBoundingClientRect();
  if (top < 60 || top > 0.7 * innerHeight) title.scrollIntoView();
}

/** Put the reader's progress into its section; on failure say what is wrong. */
export function mountProgress(section: HTMLElement): void {
  const root = h("div", { class: "sc-quiz sc-progress" });
  section.append(root);
  try {
    new ProgressPage(root, readBook(section));
  } catch (error) {
    const words = `Your progress cannot be shown: ${(error as Error).message}.`;
    root.replaceChildren(h("p", { class: "sc-note", role: "alert" }, words));
  }
}
