/** What a record tells of a reader; the rules are those of `selfcheck.mastery`. */

import { own } from "./own";
import { attemptsOf, itemsOf, settledAt, type Rules } from "./rounds";
import type { Confidence, QuizState } from "./types";

export type Level = "new" | "missed" | "begun" | "mastered";
export interface Mastery {
  level: Level;
  asked: number;
  right: number;
}
export type Calibration = Record<Confidence, { n: number; right: number }>;

interface Given {
  at: string;
  item: string;
  variant: number;
  right: boolean;
}

/** Each objective's level, and how often it was asked and right. */
export function mastery(quiz: Rules, state: QuizState): Record<string, Mastery> {
  const items = itemsOf(quiz);
  const given = new Map<string, Given[]>();
  const choices = new Map<string, number>();
  for (const { objective, variants } of items.values()) {
    given.set(objective, []);
    choices.set(objective, (choices.get(objective) ?? 0) + variants);
  }
  for (const answer of answers(state)) {
    given.get(items.get(answer.item)?.objective ?? "")?.push(answer);
  }
  const row = ([aim, list]: [string, Given[]]): [string, Mastery] => [
    aim,
    {
      level: level(list, choices.get(aim) ?? 0),
      asked: list.length,
      right: list.filter(({ right }) => right).length,
    },
  ];
  return Object.fromEntries([...given].map(row));
}

/** All that was settled, in order of time. */
function answers(state: QuizState): Given[] {
  const given = attemptsOf(state).flatMap((attempt) =>
    attempt.items
      .filter((entry) => entry.state !== "open")
      .map((entry) => ({
        at: settledAt(attempt, entry),
        item: entry.id,
        variant: entry.variant,
        right: entry.state === "right",
      })),
  );
  const all: Given[] = [...given, ...state.reviews];
  return all.sort((a, b) => (a.at < b.at ? -1 : Number(a.at > b.at)));
}

function level(given: Given[], choices: number): Level {
  const last = given[given.length - 1];
  if (!last) return "new";
  if (!last.right) return "missed";
  const wrong = given.map(({ right }) => right).lastIndexOf(false);
  const since = given.slice(wrong + 1);
  const different = new Set(since.map(({ item, variant }) => `${item}|${variant}`));
  const held = since.length >= 2 && different.size >= Math.min(2, choices);
  return held ? "mastered" : "begun";
}

/** First tries by how sure the reader said to be, and how many of them were right. */
export function calibration(states: readonly QuizState[]): Calibration {
  const found = Object.fromEntries(
    ["guess", "unsure", "sure"].map((name) => [name, { n: 0, right: 0 }]),
  ) as Calibration;
  const count = (name: Confidence | null | undefined, right: boolean): void => {
    const row = name && own(found, name);
    if (!row) return;
    row.n += 1;
    row.right += Number(right);
  };
  for (const state of states) {
    for (const { tries } of attemptsOf(state).flatMap(({ items }) => items)) {
      if (tries[0]) count(tries[0].confidence, tries[0].right);
    }
    for (const { confidence, points } of state.reviews) count(confidence, points === 1);
  }
  return found;
}
