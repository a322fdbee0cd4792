/** Above the screen: what a reader must know of storage, book, and loading. */

import type { Answers } from "../answers";
import type { Store } from "../store";
import { button, h } from "./dom";
import type { Session } from "./session";

export class Notes {
  readonly element = h("div", { class: "sc-notes", role: "status" });
  private loading: (Node | string)[] = [];

  constructor(
    private readonly store: Store,
    private readonly session: Session,
    private readonly answers: Answers,
  ) {}

  show(): void {
    const said = [[this.store.note], [this.session.notice], this.loading];
    this.element.replaceChildren(
      ...said
        .filter(([first]) => first)
        .map((words) => h("p", { class: "sc-note" }, ...words)),
    );
  }

  /**
   * Tell whether the answers are here; where not, load them and go on with `then`.
   *
   * While they are loaded, and when they cannot be, `waits` draws what stands there.
   */
  whenAnswered(then: () => void, waits: () => void): boolean {
    if (this.answers.here) return true;
    this.loading = ["Loading the questions …"];
    waits();
    this.answers.load().then(
      () => {
        this.loading = [];
        then();
      },
      (error: Error) => {
        const words = `The questions could not be loaded: ${error.message}. Nothing is lost. `;
        this.loading = [words, button("Try again", then, "sc-quiet")];
        waits();
      },
    );
    return false;
  }
}
