/** Progress in the browser: written after every event, shared by tabs, never lost. */

import { own } from "./core/own";
import { emptyQuiz, reduce, type QuizEvent } from "./core/state";
import type { Answer, GradeRecord, Progress, QuizData, QuizState } from "./core/types";
import { NewerError, parseProgress, SCHEMA } from "./progress";

/** What is typed and not submitted yet, and where the reader stands. */
export interface Draft {
  at?: string;
  seed?: string;
  answers: Record<string, Answer>;
  records: Record<string, GradeRecord>;
}

type Stored = Progress & { revision: number };

const ASIDE =
  "The progress that was stored here could not be read. It was put aside under the " +
  "name “{key}” in this browser's storage, and a fresh record was begun.";
const NEWER =
  "The progress stored here was written by a newer version of the book. It is left as " +
  "it is; what you do now is kept until you close this page.";
const BLOCKED =
  "This browser does not let the page store anything, so your progress is kept only " +
  "until you close this page. Save it to a file before you leave.";
const FULL =
  "This browser's storage is full, so your last answers are kept only until you close " +
  "this page. Save your progress to a file before you leave.";

export class Store {
  /** What the reader must know about the storage; empty when all is well. */
  note = "";
  private memory: Stored;
  private inMemory = false;
  private drafts = new Map<string, Draft>();
  private listeners = new Set<() => void>();

  constructor(
    readonly book: string,
    private storage: Storage | null = openStorage(),
  ) {
    this.memory = this.fresh();
    if (!storage) this.keepInMemory(BLOCKED);
    window.addEventListener("storage", (event) => {
      if (event.key === null || event.key === this.key) this.tell();
    });
    // storage that is cleared from the browser's settings sends no event
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible") this.tell();
    });
  }

  private fresh(): Stored {
    return { schema: SCHEMA, book: this.book, revision: 0, quizzes: {} };
  }

  private get key(): string {
    return `selfcheck:${this.book}`;
  }

  /** Call `listener` when another tab or an import changed the progress. */
  subscribe(listener: () => void): void {
    this.listeners.add(listener);
  }

  private tell(): void {
    for (const listener of this.listeners) listener();
  }

  quiz(id: string): QuizState {
    return own(this.read().quizzes, id) ?? emptyQuiz();
  }

  /**
   * Apply an event to the newest stored state, whoever wrote it.
   *
   * Reading, reducing and writing happen in one go, so a second tab that wrote in the
   * meantime is continued and not overwritten. What an event does not change is not
   * written. Throws what `reduce` throws.
   */
  dispatch(quiz: QuizData, event: QuizEvent): QuizState {
    const stored = this.read();
    const before = own(stored.quizzes, quiz.quiz) ?? emptyQuiz();
    const state = reduce(quiz, before, event);
    if (JSON.stringify(state) !== JSON.stringify(before)) {
      this.write({ ...stored, quizzes: { ...stored.quizzes, [quiz.quiz]: state } });
    }
    return state;
  }

  draft(id: string): Draft {
    const known = this.inMemory ? this.drafts.get(id) : undefined;
    if (known) return known;
    try {
      const text = this.storage?.getItem(`${this.key}:draft:${id}`);
      if (text) return { answers: {}, records: {}, ...(JSON.parse(text) as object) };
    } catch {
      // an unreadable draft is no more than unsubmitted typing
    }
    return { answers: {}, records: {} };
  }

  /** Change the draft of a quiz; what another tab typed elsewhere in it stays. */
  setDraft(id: string, change: (draft: Draft) => void): void {
    const draft = this.draft(id);
    change(draft);
    this.drafts.set(id, draft);
    if (this.inMemory) return;
    try {
      this.storage?.setItem(`${this.key}:draft:${id}`, JSON.stringify(draft));
    } catch {
      this.keepInMemory(FULL);
      this.tell();
    }
  }

  /** The progress as a file, the same that the command line reads. */
  export(): string {
    return `${JSON.stringify(this.read(), null, 1)}\n`;
  }

  /** Take over the quizzes of an exported file; throws a readable Error. */
  import(text: string): string[] {
    const file = parseProgress(text);
    if (file.book !== this.book) {
      throw new Error(
        `expected the progress of “${this.book}”, this is of “${file.book}”`,
      );
    }
    const stored = this.read();
    this.backup(JSON.stringify(stored), "before-import");
    this.write({ ...stored, quizzes: { ...stored.quizzes, ...file.quizzes } });
    this.tell();
    return Object.keys(file.quizzes);
  }

  /**
   * Forget quizzes whole: attempts, deck, reviews, and what is typed in them.
   *
   * "all" leaves nothing of the book in this browser, copies put aside included.
   */
  erase(quizzes: readonly string[] | "all"): void {
    const stored = this.read();
    const left = Object.entries(stored.quizzes).filter(
      ([id]) => quizzes !== "all" && !quizzes.includes(id),
    );
    for (const id of [...this.drafts.keys()]) {
      if (quizzes === "all" || quizzes.includes(id)) this.drafts.delete(id);
    }
    const all = `${this.key}:`;
    for (const name of Object.keys(this.storage ?? {})) {
      const typed = quizzes !== "all" && quizzes.map((id) => `${all}draft:${id}`);
      if (typed ? typed.includes(name) : name.startsWith(all))
        this.storage?.removeItem(name);
    }
    this.write({ ...stored, quizzes: Object.fromEntries(left) });
    this.tell();
  }

  private read(): Stored {
    if (this.inMemory) return this.memory;
    let text: string | null;
    try {
      text = this.storage?.getItem(this.key) ?? null;
    } catch {
      this.keepInMemory(BLOCKED);
      return this.memory;
    }
    // never begun, or cleared by the reader: what is forgotten is not written back
    if (text === null) return this.fresh();
    try {
      const stored = parseProgress(text);
      return { revision: 0, ...stored };
    } catch (error) {
      if (error instanceof NewerError) this.keepInMemory(NEWER);
      else this.putAside(text);
      return this.memory;
    }
  }

  private write(stored: Stored): void {
    const next = { ...stored, revision: stored.revision + 1 };
    this.memory = next;
    if (this.inMemory) return;
    try {
      this.storage?.setItem(this.key, JSON.stringify(next));
    } catch {
      this.keepInMemory(FULL);
    }
  }

  private putAside(text: string): void {
    const key = this.backup(text, "unreadable");
    if (!key) {
      this.keepInMemory(FULL);
      return;
    }
    this.memory = this.fresh();
    this.note = ASIDE.replace("{key}", key);
    this.storage?.removeItem(this.key);
  }

  private backup(text: string, why: string): string | null {
    const key = `${this.key}:${why}:${new Date().toISOString()}`;
    try {
      this.storage?.setItem(key, text);
      return key;
    } catch {
      return null;
    }
  }

  private keepInMemory(note: string): void {
    this.inMemory = true;
    this.note = note;
  }
}

/** The browser's storage, or null where it is forbidden. */
function openStorage(): Storage | null {
  try {
    window.localStorage.getItem("selfcheck");
    return window.localStorage;
  } catch {
    return null;
  }
}
