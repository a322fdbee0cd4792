/** The quizzes of the book, as the page lists them, and what is stored of them. */

import { loadQuiz } from "../../answers";
import { emptyQuiz, reduce } from "../../core/state";
import type { Progress, QuizData, QuizState } from "../../core/types";
import type { Store } from "../../store";
import { poolOf, type Shelf } from "./ledger";

/** One quiz or part exam of the book, in the order of its pages. */
export interface QuizRef {
  quiz: string;
  title: string;
  /** Address of the quiz, as this page sees it. */
  page: string;
  /** Address of the script with its public data. */
  data: string;
  exam: boolean;
  objectives: number;
}

export interface BookData {
  schema: number;
  book: string;
  quizzes: QuizRef[];
}

const SCHEMA = 1;

/** Read the page's list of quizzes; throws an Error that says what is wrong. */
export function readBook(section: HTMLElement): BookData {
  const text = section.querySelector("script.sc-book")?.textContent ?? "";
  const book = JSON.parse(text) as BookData;
  if (book.schema !== SCHEMA) {
    throw new Error(
      `expected a list of quizzes of schema ${SCHEMA}, got ${book.schema}`,
    );
  }
  return book;
}

/** Whether a reader met any question of a quiz. */
export function begun(state: QuizState): boolean {
  const { rounds, reviews, deck } = state;
  return rounds.length > 0 || reviews.length > 0 || Object.keys(deck).length > 0;
}

/** The quizzes with progress, with their data: loaded for these and no others. */
export class Library {
  shelves: Shelf[] = [];
  /** All states as they were stored when they were read last. */
  states: Record<string, QuizState> = {};
  /** What could not be loaded, and why. */
  missing: string[] = [];
  private shown: QuizRef[] = [];
  private readonly known = new Map<string, QuizData>();

  constructor(
    readonly book: BookData,
    private readonly store: Store,
  ) {}

  get exams(): Shelf[] {
    return this.shelves.filter(({ ref }) => ref.exam);
  }

  get chapters(): Shelf[] {
    return this.shelves.filter(({ ref }) => !ref.exam);
  }

  /** Quizzes of which no question was met. */
  get rest(): QuizRef[] {
    const met = new Set(this.shelves.map(({ ref }) => ref));
    return this.book.quizzes.filter((ref) => !met.has(ref));
  }

  title(quiz: string): string {
    return this.book.quizzes.find((ref) => ref.quiz === quiz)?.title ?? quiz;
  }

  /** Read all states anew, fetch the data that is missing, fit the states to it. */
  async refresh(): Promise<void> {
    this.read();
    const { quizzes } = this.book;
    const met = quizzes.filter(({ quiz }) => begun(this.state(quiz)));
    const failed = await Promise.all(met.map((ref) => this.fetch(ref)));
    const pools = this.pools(met.filter(({ exam }) => exam));
    const more = quizzes.filter((ref) => pools.has(ref.quiz) && !met.includes(ref));
    failed.push(...(await Promise.all(more.map((ref) => this.fetch(ref)))));
    this.missing = failed.filter(Boolean);
    met.forEach((ref) => this.fit(ref));
    this.shown = [...met, ...more];
    this.reread();
  }

  /** Read the states of the quizzes that are shown. */
  reread(): void {
    this.read();
    this.shelves = this.book.quizzes.flatMap((ref) => {
      const data = this.shown.includes(ref) ? this.known.get(ref.quiz) : undefined;
      return data ? [{ ref, data, state: this.state(ref.quiz) }] : [];
    });
  }

  private state(quiz: string): QuizState {
    return this.states[quiz] ?? emptyQuiz();
  }

  /** Read all states at once: what is stored is parsed whole each time. */
  private read(): void {
    this.states = (JSON.parse(this.store.export()) as Progress).quizzes;
  }

  /** The pools whose questions these exams have asked. */
  private pools(exams: QuizRef[]): Set<string> {
    return new Set(
      exams.flatMap(({ quiz }) => {
        const data = this.known.get(quiz);
        const { seen } = this.state(quiz);
        const asked = data?.items.filter(({ id }) => seen[id]) ?? [];
        return asked.map((item) => poolOf(data as QuizData, item));
      }),
    );
  }

  /** Load a quiz's data; returns what failed, or an empty text. */
  private async fetch(ref: QuizRef): Promise<string> {
    try {
      if (!this.known.has(ref.quiz))
        this.known.set(ref.quiz, await loadQuiz(ref.data, ref.quiz));
      return "";
    } catch (error) {
      return `${ref.title} (${(error as Error).message})`;
    }
  }

  /** Fit a state to the book and the clock as they are now; write only a change. */
  private fit({ quiz }: QuizRef): void {
    const data = this.known.get(quiz);
    if (!data) return;
    const state = this.state(quiz);
    const event = { type: "load", now: new Date().toISOString() } as const;
    const fitted = reduce(data, state, event);
    if (JSON.stringify(fitted) !== JSON.stringify(state)) {
      this.store.dispatch(data, event);
    }
  }
}
