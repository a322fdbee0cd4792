/**
 * The sealed answers and the questions of a pool, wherever they are asked.
 *
 * They weigh most, and nobody needs them before a start. They come as scripts, for a
 * script element works from file:// too.
 */

import type { ItemData, PoolData, QuizData, Sealed } from "./core/types";
import { pageAt, rebased, rebasedText } from "./links";
import type { Pool } from "./ui/pool";

/** What the script of a pool's answers brings. */
export interface Brought {
  salt: string;
  /** The page of the pool's quiz, from the root of the site: prompts are of there. */
  page: string;
  /** The articles of each item, one a variant. */
  prompts: Record<string, string[]>;
  sealed: Record<string, Sealed[]>;
}

declare global {
  interface Window {
    /** Left by `_static/selfcheck/answers/<pool>.js`. */
    selfcheckAnswers?: Record<string, Brought>;
    /** Left by `_static/selfcheck/pools/<quiz>.js`. */
    selfcheckQuizzes?: Record<string, QuizData>;
  }
}

/** The salt of an item's seals. */
export function saltOf(data: QuizData, item: ItemData): string {
  return (item.pool && data.pools?.[item.pool]?.salt) || data.salt;
}

/** The name under which the grader knows a coding question. */
export function addressOf(data: QuizData, item: ItemData): string {
  return `${item.pool ?? data.quiz}/${item.id}`;
}

/** The answers of a quiz, of an exam those of all its pools. */
export class Answers {
  private loading: Promise<void> | null = null;

  /** The texts that the answers bring are put into `pool`. */
  constructor(
    private readonly data: QuizData,
    private readonly pool: Pool,
  ) {}

  /** Whether they are in the page: always so where the page holds them itself. */
  get here(): boolean {
    return this.data.items.every((item) => item.sealed !== undefined);
  }

  /** Load what is missing; after a failure it can be asked for again. */
  load(): Promise<void> {
    this.loading ??= this.loadAll().finally(() => (this.loading = null));
    return this.loading;
  }

  private async loadAll(): Promise<void> {
    const { data } = this;
    const sources = Object.entries(data.pools ?? { [data.quiz]: data });
    await Promise.all(sources.map(([name, from]) => this.loadPool(name, from)));
    if (!this.here) throw new Error("some of the questions are without an answer");
  }

  private async loadPool(name: string, from: PoolData): Promise<void> {
    let brought = window.selfcheckAnswers?.[name];
    if (brought?.salt !== from.salt) {
      await run(from.answers ?? "");
      brought = window.selfcheckAnswers?.[name];
    }
    if (brought?.salt !== from.salt) {
      throw new Error(
        `${from.answers} holds other questions than this page; load the page again`,
      );
    }
    this.take(name, brought);
  }

  private take(name: string, brought: Brought): void {
    for (const item of this.data.items) {
      const found = brought.sealed[item.id];
      if (found && (item.pool ?? name) === name) item.sealed = found;
    }
    this.pool.add(brought.prompts, brought.page);
  }
}

/**
 * Load the public data of a quiz of this site.
 *
 * `address` is that of its script; the addresses in what is returned are good on the
 * page that is shown. Throws an Error that can be shown.
 */
export async function loadQuiz(address: string, quiz: string): Promise<QuizData> {
  if (!window.selfcheckQuizzes?.[quiz]) await run(address);
  const data = window.selfcheckQuizzes?.[quiz];
  if (!data) throw new Error(`${address} holds no quiz “${quiz}”`);
  const objectives = Object.entries(data.objectives).map(([name, aim]) => [
    name,
    {
      ...aim,
      href: rebased(aim.href, data.page),
      text: rebasedText(aim.text, data.page),
    },
  ]);
  const pools = Object.entries(data.pools ?? {}).map(([name, pool]) => [
    name,
    placed(pool),
  ]);
  return {
    ...placed(data),
    objectives: Object.fromEntries(objectives),
    items: data.items.map((item) => ({ ...item })),
    ...(data.pools ? { pools: Object.fromEntries(pools) } : {}),
  };
}

/** With the address of the answers, given from the site's root, made absolute. */
function placed<T extends PoolData>(data: T): T {
  return data.answers ? { ...data, answers: pageAt(data.answers).href } : data;
}

function run(address: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = address;
    script.onload = () => resolve();
    script.onerror = () => {
      script.remove();
      reject(new Error(`${script.src} could not be loaded`));
    };
    document.head.append(script);
  });
}
