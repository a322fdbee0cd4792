/** What every page with a quiz or live cells loads. */

import type { QuizData } from "./core/types";
import { mountBar } from "./live/bar";
import { Store } from "./store";
import { h } from "./ui/dom";
import { Pool } from "./ui/pool";
import { Widget } from "./ui/widget";

const SCHEMA = 1;
const stores = new Map<string, Store>();

function storeOf(book: string): Store {
  const known = stores.get(book) ?? new Store(book);
  stores.set(book, known);
  return known;
}

/** Put the widget into a quiz's section; on failure the questions stay readable. */
function mountQuiz(section: HTMLElement): void {
  const text = section.querySelector("script.sc-data")?.textContent ?? "";
  const root = h("div", { class: "sc-quiz" });
  try {
    const data = JSON.parse(text) as QuizData;
    if (data.schema !== SCHEMA) {
      throw new Error(`expected quiz data of schema ${SCHEMA}, got ${data.schema}`);
    }
    const pool = new Pool(section);
    section.append(root);
    new Widget(root, data, pool, storeOf(data.book ?? "book"));
  } catch (error) {
    section.classList.add("sc-failed");
    root.replaceChildren(
      h(
        "p",
        { class: "sc-note", role: "alert" },
        `This quiz could not start: ${(error as Error).message}.`,
      ),
    );
    section.append(root);
  }
}

function mount(): void {
  for (const section of document.querySelectorAll<HTMLElement>(
    "section.selfcheck[data-quiz]",
  )) {
    if (!section.querySelector(".sc-quiz")) mountQuiz(section);
  }
  for (const bar of document.querySelectorAll<HTMLElement>("div.sc-live[data-live]")) {
    mountBar(bar);
  }
}

if (document.readyState === "loading")
  document.addEventListener("DOMContentLoaded", mount);
else mount();
