/** Looks after the gate: what it still waits for, and when it opens by itself. */

import type { Gate } from "./gate";
import { Sections } from "./sections";
import type { Session } from "./session";

const MINUTE = 60_000;

export class Watch {
  private gate: Gate | null = null;
  private timer = 0;
  private readonly sections: Sections;

  constructor(
    root: HTMLElement,
    private readonly session: Session,
  ) {
    this.sections = new Sections(root, session.data.objectives, (id) => {
      if (!session.shut?.sections.includes(id)) return;
      session.tell({ type: "visit", objective: id });
      this.look();
    });
    // a page that slept has missed its minutes
    document.addEventListener("visibilitychange", () => this.tick());
  }

  /** Keep the gate of the screen that is shown; null where it has none. */
  show(gate: Gate | null): void {
    this.gate = gate;
  }

  /** See how the gate stands, after whatever may have changed it. */
  look(): void {
    this.sections.watch(this.session.shut?.sections ?? []);
    this.tick();
  }

  private tick(): void {
    window.clearTimeout(this.timer);
    const { shut } = this.session;
    this.gate?.update(shut);
    if (!shut) return;
    const ms = Date.parse(shut.until) - Date.now();
    const next = ms > 0 ? ms % MINUTE || MINUTE : MINUTE;
    this.timer = window.setTimeout(() => {
      this.session.fit(); // a clock that was set back shuts nobody out
      this.tick();
    }, next + 50);
  }
}
