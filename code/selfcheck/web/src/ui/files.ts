/** Take the progress out as a file, take it in again, or erase a quiz. */

import type { Store } from "../store";
import { button, freshId, h } from "./dom";

export function files(store: Store, erase: () => void): HTMLElement {
  const said = h("p", { class: "sc-muted", role: "status" });
  const say = (words: string): void => {
    said.textContent = words;
  };
  const id = freshId();
  const pick = h("input", {
    type: "file",
    id,
    accept: ".json,application/json",
    class: "sc-file",
  });
  pick.addEventListener("change", () => {
    const [file] = pick.files ?? [];
    if (!file) return;
    file
      .text()
      .then((text) => {
        const quizzes = store.import(text);
        say(
          `Loaded: ${quizzes.join(", ") || "no quiz"}. What stood here before is kept aside.`,
        );
      })
      .catch((error: Error) =>
        say(`${file.name}: ${error.message}. Nothing was changed.`),
      );
    pick.value = "";
  });
  return h(
    "details",
    { class: "sc-files" },
    h("summary", {}, "Your progress"),
    h(
      "p",
      {},
      "The record of all quizzes, as a file that another browser and ",
      h("code", {}, "selfcheck"),
      " in a terminal can read. Loading a file replaces the quizzes that are in it.",
    ),
    h(
      "div",
      { class: "sc-actions" },
      button("Save to a file", () => save(store)),
      pick, // unseen, yet it takes the focus and shows it on its label
      h("label", { for: id, class: "sc-button" }, "Load a file"),
      eraser(erase),
    ),
    said,
  );
}

export function save(store: Store): void {
  const url = URL.createObjectURL(
    new Blob([store.export()], { type: "application/json" }),
  );
  const link = h("a", { href: url, download: `${store.book}-progress.json` });
  link.click();
  URL.revokeObjectURL(url);
}

/** A button that asks once more before it acts. */
export function twice(
  label: string,
  sure: string,
  act: () => void,
  look = "sc-quiet",
): HTMLElement {
  const place = h("span", { class: "sc-twice" });
  const ask = (): void => {
    const no = button("Cancel", rest, "sc-quiet");
    place.replaceChildren(h("span", {}, `${sure} `), button(label, act, ""), no);
    no.focus();
  };
  const first = button(label, ask, look);
  function rest(): void {
    place.replaceChildren(first);
    first.focus();
  }
  place.append(first);
  return place;
}

function eraser(erase: () => void): HTMLElement {
  return twice("Erase this quiz", "Its attempts will be gone.", erase);
}
