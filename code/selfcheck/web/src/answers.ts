/** The sealed answers of a quiz: they weigh most, and nobody needs them before a start. */

import type { QuizData, Sealed } from "./core/types";

declare global {
  interface Window {
    /** What the scripts of answers bring: quiz -> item -> its variants. */
    selfcheckSealed?: Record<string, Record<string, Sealed[]>>;
  }
}

export class Answers {
  private loading: Promise<void> | null = null;

  constructor(private readonly data: QuizData) {}

  /** Whether they are in the page: always so where the page holds them itself. */
  get here(): boolean {
    return this.data.items.every((item) => item.sealed !== undefined);
  }

  /** Load them with a script element, which works from file:// too. */
  load(): Promise<void> {
    this.loading ??= new Promise<void>((resolve, reject) => {
      const script = document.createElement("script");
      script.src = this.data.answers ?? "";
      script.onload = () => {
        this.take();
        if (this.here) resolve();
        else fail(`${script.src} holds other questions than this page`);
      };
      script.onerror = () => fail(`${script.src} could not be loaded`);
      const fail = (why: string): void => {
        this.loading = null;
        script.remove();
        reject(new Error(why));
      };
      document.head.append(script);
    });
    return this.loading;
  }

  private take(): void {
    const sealed = window.selfcheckSealed?.[this.data.quiz] ?? {};
    for (const item of this.data.items) {
      const found = sealed[item.id];
      if (found) item.sealed = found;
    }
  }
}
