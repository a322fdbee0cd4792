/** A page gone live: its bar, its cells, and the one kernel that they share. */

import { button, h } from "../ui/dom";
import { Cell } from "./cell";
import { Kernel, type Health, type Outcome, type Settings } from "./kernel";

const WORDS: Record<Health, string> = {
  starting: "starting a kernel…",
  idle: "kernel ready",
  busy: "kernel busy",
  restarting: "restarting the kernel…",
  revived:
    "The kernel died and was started anew. Its variables are gone: run the cells from the top.",
  dead: "The kernel is gone. What you wrote in the cells is kept.",
  cut: "The server does not answer. Is it still running?",
};
const ENDS: Record<Outcome, string> = {
  ok: "done",
  error: "stopped with an error",
  aborted: "not run",
  lost: "the kernel died while this ran",
};

export class LivePage {
  private kernel: Kernel | null = null;
  private starting: Promise<Kernel> | null = null;
  // What the bar says now outlasts the kernel's chatter, until the next run.
  private holds = false;
  private restarting = false;
  private queue: Cell[] = [];
  private running: Cell | null = null;
  private readonly cells: Cell[];
  private readonly said = h("span", { class: "sc-live-said", role: "status" });
  private readonly again = button("Start a new kernel", () => this.renew(), "sc-small");
  private readonly tools: HTMLButtonElement[];

  constructor(
    bar: HTMLElement,
    private readonly settings: Settings,
    private readonly where: string,
  ) {
    const actions = {
      run: (cell: Cell) => this.enqueue([cell]),
      runTo: (cell: Cell) =>
        this.enqueue(this.cells.slice(0, this.cells.indexOf(cell) + 1)),
      interrupt: () => this.interrupt(),
    };
    this.cells = findCells().map(
      ({ element, pre }, n) => new Cell(element, pre, n + 1, actions),
    );
    this.tools = [
      button("Run all", () => this.enqueue(this.cells), "sc-small"),
      button("Interrupt", () => this.interrupt(), "sc-small"),
      button("Restart", () => void this.restart(), "sc-small"),
    ];
    bar.classList.add("sc-live-on");
    keepBelowHeader(bar);
    bar.replaceChildren(...this.tools, this.again, this.said);
    addEventListener("pagehide", () => this.leave());
    this.renew();
  }

  /** Start a kernel where there is none; a failure is said and can be retried. */
  private renew(): void {
    this.kernel?.shutdown();
    this.kernel = null;
    this.holds = false;
    this.start().catch(() => undefined);
  }

  private start(): Promise<Kernel> {
    if (this.kernel) return Promise.resolve(this.kernel);
    this.starting ??= Kernel.start(this.settings, (health) => this.turn(health))
      .then((kernel) => {
        this.kernel = kernel;
        this.turn("idle");
        return kernel;
      })
      .catch((error: Error) => {
        this.turn("dead", error.message);
        throw error;
      })
      .finally(() => {
        this.starting = null;
      });
    return this.starting;
  }

  /** The kernel is now in another state. */
  private turn(health: Health, words = WORDS[health]): void {
    const gone = health === "dead" || health === "cut";
    if (gone || health === "revived") {
      this.drop();
      this.holds = health === "revived";
      this.said.textContent = words;
    } else if (!this.holds) {
      this.said.textContent = health === "idle" ? `${words} on ${this.where}` : words;
    }
    if (health === "dead") this.kernel = null;
    this.again.hidden = !gone;
    for (const tool of this.tools) tool.hidden = gone;
  }

  /** Nothing that waits can run any more. */
  private drop(): void {
    for (const cell of this.queue.splice(0)) cell.end("aborted", ENDS.aborted);
  }

  private enqueue(cells: Cell[]): void {
    for (const cell of cells) {
      if (cell === this.running || this.queue.includes(cell)) continue;
      this.queue.push(cell);
      cell.begin("waits", false);
    }
    if (!this.running) void this.work();
  }

  private async work(): Promise<void> {
    for (let cell = this.queue.shift(); cell; cell = this.queue.shift()) {
      this.running = cell;
      const outcome = await this.one(cell);
      this.running = null;
      if (outcome !== "ok") this.drop();
    }
  }

  private async one(cell: Cell): Promise<Outcome> {
    cell.begin(this.kernel ? "runs" : "waits for the kernel", true);
    const begun = performance.now();
    this.holds = false;
    let outcome: Outcome = "lost";
    try {
      const kernel = await this.start();
      cell.say("runs");
      outcome = await kernel.run(cell.code, (message) => cell.output.show(message));
    } catch {
      // the bar says why no kernel could be had
    }
    const seconds = ((performance.now() - begun) / 1000).toFixed(1);
    const words = outcome === "ok" ? `done in ${seconds} s` : ENDS[outcome];
    cell.end(outcome, this.restarting ? "stopped by the restart" : words);
    return outcome;
  }

  private interrupt(): void {
    this.drop();
    this.kernel?.interrupt().catch((error: Error) => {
      this.said.textContent = `It could not be interrupted: ${error.message}. Try Restart.`;
    });
  }

  private async restart(): Promise<void> {
    this.drop();
    this.restarting = true;
    try {
      await this.kernel?.restart();
      this.holds = true;
      this.said.textContent =
        "Restarted. The kernel's variables are gone: run from the top.";
    } catch (error) {
      this.turn("dead", `The restart failed: ${(error as Error).message}.`);
    } finally {
      this.restarting = false;
    }
  }

  private leave(): void {
    this.kernel?.shutdown();
    this.kernel = null;
    // a page that comes back from the browser's cache has no kernel any more
    this.turn("dead", "The kernel was shut down when you left the page.");
  }
}

/** Let the bar stick below the theme's header, which sticks to the top itself. */
function keepBelowHeader(bar: HTMLElement): void {
  const header = document.querySelector<HTMLElement>(".bd-header-article");
  if (!header) return;
  const measure = (): void =>
    bar.style.setProperty("--sc-header", `${header.offsetHeight}px`);
  new ResizeObserver(measure).observe(header);
  measure();
}

function findCells(): { element: HTMLElement; pre: HTMLElement }[] {
  return [...document.querySelectorAll<HTMLElement>("div.cell")].flatMap((element) => {
    const pre = element.querySelector<HTMLElement>(".cell_input pre");
    return pre ? [{ element, pre }] : [];
  });
}
