/** A review: the questions that are due, one after another. */

import { Answers } from "../../answers";
import type { AttemptItem, ItemData } from "../../core/types";
import type { Store } from "../../store";
import { Desk, type Work } from "../asked";
import { Pool } from "../pool";
import { answer, cardOf, draw, type Given } from "./answering";
import type { Library } from "./book";
import { Kept, type Settled } from "./kept";
import { dueNow, type Family, type Shelf } from "./ledger";

/** What stands on the desk. */
export interface Question {
  key: string;
  /** The pool whose answers it needs: those of a whole exam would be many more. */
  home: Shelf;
  item: ItemData;
  entry: AttemptItem;
  /** Null once the question is settled. */
  family: Family | null;
  /** When its family comes back, once it is settled; null when it is learned. */
  back: string | null;
}

/** What an answer led to; "elsewhere": the question is no longer the one shown. */
export type News = "settled" | "again" | "elsewhere";

export class Review {
  readonly kept: Kept;
  private readonly desks = new Map<string, { answers: Answers; desk: Desk }>();
  private readonly later = new Set<string>();
  private shown: Question | null = null;

  constructor(
    private readonly store: Store,
    private readonly library: Library,
  ) {
    this.kept = new Kept(store);
  }

  private get due(): Family[] {
    return dueNow(this.library.shelves, now());
  }

  private get waiting(): Family[] {
    return this.due.filter(({ key }) => !this.later.has(key));
  }

  /** How many questions are left, the one on the desk included. */
  get left(): number {
    return this.waiting.length;
  }

  /** How many are due and were put off. */
  get putOff(): number {
    return this.due.length - this.waiting.length;
  }

  begin(): void {
    this.later.clear();
    this.kept.begin();
  }

  /** Ask again what was put off. */
  again(): void {
    this.later.clear();
  }

  /** Go on: from a settled question, or from one that is put off. */
  next({ family, key }: Question): void {
    if (family) this.later.add(key);
    this.kept.clear();
  }

  /** The question that stands on the desk now; null when none is left. */
  question(): Question | null {
    const { settled, at } = this.kept;
    const known = settled && this.settledQuestion(settled);
    if (known) return known;
    const { waiting } = this;
    const first = waiting.filter(({ key }) => key === at);
    for (const family of [...first, ...waiting]) {
      const found = this.open(family);
      if (found) return found;
      this.later.add(family.key); // the book has nothing left to ask of it
    }
    return null;
  }

  private settledQuestion({ quiz, family, key }: Settled): Question | null {
    const shelf = this.library.shelves.find(({ ref }) => ref.quiz === quiz);
    const card = shelf?.state.deck[family];
    const entry = card?.entry;
    if (!shelf || !entry || entry.state === "open") return null;
    const home = this.home(key, shelf);
    const item = itemOf(home, entry.id);
    return item ? { key, home, item, entry, family: null, back: card.due } : null;
  }

  private home(key: string, shelf: Shelf): Shelf {
    const pool = key.slice(0, key.indexOf("|"));
    return this.library.shelves.find(({ ref }) => ref.quiz === pool) ?? shelf;
  }

  /** The question of a family, drawn when it has none yet. */
  private open(family: Family): Question | null {
    const { lead, key } = family;
    const { quiz } = lead.shelf.ref;
    if (lead.card.entry?.state !== "open") {
      draw(this.store, family);
      this.kept.forget(key);
      this.library.reread();
    }
    const entry = cardOf(this.store, quiz, lead.family)?.entry;
    const home = this.home(key, lead.shelf);
    const item = entry && itemOf(home, entry.id);
    if (!item || entry.state !== "open") return null;
    this.kept.at = key;
    return { key, home, item, entry, family, back: null };
  }

  private deskOf({ ref, data }: Shelf): { answers: Answers; desk: Desk } {
    const known = this.desks.get(ref.quiz);
    if (known) return known;
    const pool = new Pool();
    const made = { answers: new Answers(data, pool), desk: new Desk(data, pool) };
    this.desks.set(ref.quiz, made);
    return made;
  }

  isReady({ home }: Question): boolean {
    return this.deskOf(home).answers.here;
  }

  /** Load the answers of the question's pool; throws an Error that can be shown. */
  async ready({ home }: Question): Promise<void> {
    await this.deskOf(home).answers.load();
  }

  /** The element of the question; `told` hears what an answer led to. */
  ask(question: Question, place: string, told: (news: News) => void): HTMLElement {
    const { key, home, item, entry, family } = question;
    const { draft, record } = this.kept.typed(key);
    this.shown = question;
    // An editor lives on through all tries, and its grader may answer late: what it
    // says goes to the question as it is by then, if it still stands on the screen.
    const take = (given: Given): void => {
      const { shown } = this;
      if (shown?.key === key && shown.item === item) told(this.take(shown, given));
    };
    const work: Work = {
      ...{ item, entry, place, mode: "attempt", keyOpen: true, record },
      draft: family ? draft : undefined,
      keep: (typed, graded) => this.kept.type(key, typed, graded),
      answer: (answer, right, confidence) => take({ answer, right, confidence }),
      giveUp: () => take({ answer: null, right: false, confidence: null }),
    };
    return this.deskOf(home).desk.ask(work, `${entry.id}|${entry.variant}`);
  }

  private take({ key, family, entry }: Question, given: Given): News {
    if (!family) return "elsewhere";
    const { quiz } = family.lead.shelf.ref;
    const name = family.lead.family;
    const stored = cardOf(this.store, quiz, name)?.entry;
    if (JSON.stringify(stored) !== JSON.stringify(entry)) return "elsewhere";
    answer(this.store, family, given);
    this.library.reread();
    const after = cardOf(this.store, quiz, name)?.entry;
    if (after?.state === "open") return "again";
    this.kept.settle({ quiz, family: name, key }, after?.state === "right");
    return "settled";
  }

  /** Let go of the editors, for questions that may be asked again. */
  clear(): void {
    for (const { desk } of this.desks.values()) desk.clear();
  }
}

function itemOf({ data }: Shelf, id: string): ItemData | undefined {
  return data.items.find((item) => item.id === id);
}

function now(): string {
  return new Date().toISOString();
}
