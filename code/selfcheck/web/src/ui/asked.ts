/** One question on the screen, closed or coding, in an attempt, a review, or practice. */

import { addressOf, saltOf } from "../answers";
import { CodePanel } from "../code/panel";
import type {
  Answer,
  AttemptItem,
  GradeRecord,
  ItemData,
  QuizData,
} from "../core/types";
import type { Confidence } from "./confidence";
import type { Pool } from "./pool";
import { question } from "./question";

/** What a question needs to be asked, whoever asks it. */
export interface Work {
  item: ItemData;
  entry: AttemptItem;
  /** "Question 3 of 8"; empty in a review. */
  place: string;
  mode: "attempt" | "review" | "practice";
  keyOpen: boolean;
  draft: Answer | undefined;
  record: GradeRecord | undefined;
  keep(answer: Answer | null, record?: GradeRecord): void;
  answer(answer: Answer, right: boolean, confidence: Confidence | null): void;
  giveUp(): void;
}

export class Desk {
  // The editor of a coding question outlives the screens, with what is typed in it.
  private panels = new Map<string, CodePanel>();

  constructor(
    private readonly data: QuizData,
    private readonly pool: Pool,
  ) {}

  clear(): void {
    this.panels.clear();
  }

  /** The element of a question; `seed` tells one attempt's editor from another's. */
  ask(work: Work, seed: string): HTMLElement {
    if (work.item.type === "code") return this.code(work, seed);
    return question({
      ...work,
      salt: saltOf(this.data, work.item),
      pool: this.pool,
      objective: this.data.objectives[work.item.objective],
      submit: work.answer,
    });
  }

  private code(work: Work, seed: string): HTMLElement {
    const { item, entry, mode, place, keyOpen } = work;
    const key = [seed, item.id, mode, place].join("|");
    const known = this.panels.get(key);
    known?.update({ entry, place, keyOpen });
    if (known) return known.element;
    const { objectives } = this.data;
    const last = entry.tries[entry.tries.length - 1]?.answer;
    const panel = new CodePanel(
      {
        address: addressOf(this.data, item),
        item,
        salt: saltOf(this.data, item),
        pool: this.pool,
        objectives,
        mode,
        source: (mode === "attempt" ? (work.draft ?? last) : last)?.source,
        record: work.record,
        keep: (source, record) => work.keep({ source }, record),
        submit: (source, record) => {
          work.keep({ source }, record);
          work.answer({ source }, record.verdict === "right", null);
        },
        giveUp: work.giveUp,
      },
      { entry, place, keyOpen },
    );
    this.panels.set(key, panel);
    return panel.element;
  }
}
