/** A quiz in a page: which screen stands there, and what each event does to it. */

import { Answers } from "../answers";
import { current } from "../core/state";
import type { QuizData } from "../core/types";
import type { Store } from "../store";
import { Desk } from "./asked";
import { AttemptView, VERDICT, type Focus, type Stage } from "./attempt";
import { freshSeed, h, headingBelow } from "./dom";
import { files } from "./files";
import type { Way } from "./gate";
import { Notes } from "./notes";
import { plainly, printing, type Printed } from "./paper";
import type { Pool } from "./pool";
import { Practice, practiceScreen } from "./practice";
import { Session, type Act } from "./session";
import { start } from "./start";
import { summary } from "./summary";
import { Watch } from "./watch";

type View = "start" | "attempt" | "summary" | "practice";

export class Widget implements Stage, Way {
  readonly session: Session;
  readonly desk: Desk;
  readonly watch: Watch;
  readonly progress: string | undefined;
  private view: View = "start";
  private practice: Practice | null = null;
  private readonly attempt: AttemptView;
  private readonly title: HTMLElement;
  private readonly notes: Notes;
  private readonly body = h("div", { class: "sc-body" });
  private readonly said = h("p", { class: "sc-unseen", role: "status" });

  constructor(
    root: HTMLElement,
    private readonly data: QuizData,
    pool: Pool,
    readonly store: Store,
  ) {
    this.desk = new Desk(data, pool);
    this.session = new Session(data, store);
    this.notes = new Notes(store, this.session, new Answers(data, pool));
    this.attempt = new AttemptView(this);
    this.watch = new Watch(root, this.session);
    this.progress = root.closest<HTMLElement>("section")?.dataset.progress;
    this.title = headingBelow(root, `${data.pools ? "Exam" : "Quiz"}: ${data.title}`);
    const kept = files(store, () => this.erase());
    root.append(this.title, this.notes.element, this.body, kept, this.said);
    printing(root, pool, () => ({ items: data.items, printed: this.printed() }));
    store.subscribe(() => this.look());
    this.session.fit();
    this.open();
  }

  /** Show what the state calls for: the open attempt where it was left, or the result. */
  private open(): void {
    const { attempt } = this.attempt;
    this.view = !attempt ? "start" : attempt.finished === null ? "attempt" : "summary";
    if (this.view !== "start" && !this.whenAnswered(() => this.open())) return;
    this.attempt.turnTo();
    this.render(null);
  }

  /** Tell whether the answers are here; where not, load them and go on with `then`. */
  private whenAnswered(then: () => void): boolean {
    return this.notes.whenAnswered(then, () => {
      this.view = "start";
      this.render(null);
    });
  }

  /** Take over what happened to this quiz in another tab, or by a file. */
  private look(): void {
    const { shown } = this.attempt;
    const news = this.session.look();
    this.watch.look();
    this.notes.show();
    if (news !== "attempts" || this.view === "practice") return;
    this.desk.clear();
    this.open();
    if (this.view !== "attempt") return;
    this.attempt.turnTo(shown);
    this.render(null);
  }

  act(event: Act): boolean {
    const done = this.session.act(event);
    if (done) this.watch.look();
    else this.look();
    return done;
  }

  say(words: string): void {
    this.said.textContent = words;
  }

  readonly begin = (): void => {
    if (current(this.session.state)) return this.open();
    if (!this.whenAnswered(this.begin)) return;
    if (!this.act({ type: "start", seed: freshSeed() })) return;
    if (!current(this.session.state)) return; // shut after all
    this.attempt.clear();
    this.view = "attempt";
    this.attempt.go(0);
  };

  private erase(): void {
    if (!this.act({ type: "reset" })) return;
    this.view = "start";
    this.render(null);
    this.title.focus();
  }

  readonly train = (): void => {
    if (!this.whenAnswered(this.train)) return;
    this.practice = new Practice(this.data, freshSeed(), (item) =>
      this.session.tell({ type: "show", item }),
    );
    this.view = "practice";
    this.render("legend");
  };

  showResult(): void {
    this.view = "summary";
    this.render(".sc-result");
  }

  render(focus: Focus): void {
    this.body.replaceChildren(...this.screen());
    this.watch.look();
    this.notes.show();
    if (!focus) return;
    const place = this.body.querySelector<HTMLElement>(focus) ?? this.title;
    place.focus({ preventScroll: true });
    this.bring(place, focus === VERDICT);
  }

  private screen(): HTMLElement[] {
    const { attempt } = this.attempt;
    this.watch.show(null);
    if (this.view === "practice") return this.practiceScreen();
    if (this.view === "attempt" && attempt) return this.attempt.screen();
    if (this.view === "summary" && attempt)
      return [
        summary(this, attempt, (entry) =>
          this.attempt.question(attempt, entry, "review"),
        ),
      ];
    return [start(this)];
  }

  private practiceScreen(): HTMLElement[] {
    const practice = this.practice as Practice;
    return practiceScreen(practice, this.desk, {
      settled: () => this.render(VERDICT),
      moved: () => this.render("legend"),
      leave: () => {
        this.open();
        this.title.focus();
      },
    });
  }

  /** What a sheet of paper shows: the open attempt's questions, or those of the pool. */
  private printed(): Printed[] {
    if (this.view === "attempt") return current(this.session.state)?.items ?? [];
    return this.view === "start" ? this.data.items.map(plainly) : [];
  }

  /** Scroll, where it is needed, to the verdict or to the top of the quiz. */
  private bring(place: HTMLElement, verdict: boolean): void {
    const { top } = place.getBoundingClientRect();
    if (verdict) place.scrollIntoView({ block: "nearest" });
    else if (top < 100 || top > 0.7 * innerHeight) this.title.scrollIntoView();
  }
}
