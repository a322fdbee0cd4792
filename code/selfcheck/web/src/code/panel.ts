/** A coding question: an editor, the visible example, graded submissions. */

import { kernelBundle, type Editor } from "../bundle";
import type { AttemptItem, GradeRecord, ItemData, Objective } from "../core/types";
import { button, count, freshId, h, letScroll } from "../ui/dom";
import type { Pool } from "../ui/pool";
import { frame } from "../ui/question";
import { ask, counts, hasGrader, NoGraderError } from "./grader";
import { offer } from "./offer";
import { exampleBox, keysHint, settledBox } from "./parts";
import { plainEditor } from "./plain";
import { recordBox } from "./record";

export interface CodeOptions {
  /** The name under which the grader knows the question. */
  address: string;
  item: ItemData;
  salt: string;
  pool: Pool;
  objectives: Record<string, Objective>;
  mode: "attempt" | "practice" | "review";
  /** The program as it was left, and the grader's last word on it. */
  source: string | undefined;
  record: GradeRecord | undefined;
  keep(source: string, record?: GradeRecord): void;
  submit(source: string, record: GradeRecord): void;
  giveUp(): void;
}

interface Now {
  entry: AttemptItem;
  place: string;
  keyOpen: boolean;
}

export class CodePanel {
  readonly element: HTMLElement;
  private editor: Editor;
  private action: "grade" | "run" = "grade";
  private busy = false;
  private record: GradeRecord | undefined;
  private said: HTMLElement | null = null;
  private row: HTMLElement | null = null;
  private readonly status = h("p", { class: "sc-status", role: "status" });
  private readonly ways = h("div", { class: "sc-ways" });
  private readonly hint = freshId();

  constructor(
    private readonly options: CodeOptions,
    private now: Now,
  ) {
    this.record = options.record;
    this.element = h("div", {
      class: "sc-question",
      "data-item": options.item.id,
      "data-variant": now.entry.variant,
    });
    this.editor = plainEditor(this.editorOptions());
    if (!this.settled && !hasGrader()) this.waits(false);
    this.draw();
    void this.upgrade();
  }

  /** Show a new state; the editor and what is typed in it stay. */
  update(now: Now): void {
    this.now = now;
    this.draw();
  }

  private editorOptions() {
    const { item, source, keep } = this.options;
    return {
      value: source ?? item.starter ?? "",
      label: "Your program",
      describedBy: this.hint,
      changed: (text: string) => keep(text),
      run: () => void this.send(item.example ? "run" : "grade"),
    };
  }

  /** Replace the textarea by the real editor once it is there, if it can be had. */
  private async upgrade(): Promise<void> {
    try {
      const bundle = await kernelBundle();
      const plain = this.editor;
      const focused = plain.element.contains(document.activeElement);
      this.editor = bundle.editor({ ...this.editorOptions(), value: plain.value });
      this.editor.lock(this.settled);
      // in its place and no more: the focus may be anywhere in this question
      plain.element.replaceWith(this.editor.element);
      if (focused) this.editor.focus();
    } catch {
      // the textarea does all that the editor does, without colors
    }
  }

  private get settled(): boolean {
    return this.now.entry.state !== "open" || this.options.mode === "review";
  }

  private draw(): void {
    const { item, pool, mode } = this.options;
    const { entry, place } = this.now;
    this.editor.lock(this.settled);
    this.said = this.verdict();
    this.element.replaceChildren(
      frame(
        { item, entry, pool, place, mode },
        ...exampleBox(item),
        this.editor.element,
        this.settled ? null : keysHint(item, this.hint),
      ),
      ...(this.settled ? [] : [this.actions(), this.status, this.ways]),
      ...(this.said ? [this.said] : []),
    );
    letScroll(this.element);
  }

  private actions(): HTMLElement {
    const { item, mode, giveUp } = this.options;
    const left = item.tries - this.now.entry.tries.length;
    const leave = mode === "practice" ? "Show the discussion" : "Give up";
    const restart = (): void => {
      this.editor.value = item.starter ?? "";
    };
    const tools = [
      item.example ? button("Run example", () => void this.send("run")) : null,
      button("Grade", () => void this.send("grade"), "sc-primary"),
      button("Back to the starter", restart, "sc-quiet"),
      button(leave, () => this.busy || giveUp(), "sc-quiet"),
    ];
    const tries =
      mode === "practice" ? null : `${count(left, "graded submission")} left.`;
    const said = tries ? h("span", { class: "sc-muted" }, tries) : null;
    this.row = h("div", { class: "sc-actions" }, ...tools, said);
    return this.row;
  }

  private verdict(): HTMLElement | null {
    const { objectives, item, pool, salt } = this.options;
    const { entry, keyOpen } = this.now;
    const box = this.record
      ? recordBox({ record: this.record, action: this.action, objectives })
      : null;
    if (entry.state === "open") return box;
    const asked = { item, variant: entry.variant, salt };
    return settledBox({ asked, entry, pool, keyOpen, record: box });
  }

  private async send(action: "grade" | "run"): Promise<void> {
    if (this.busy || this.settled) return;
    const { address, keep, submit } = this.options;
    const source = this.editor.value;
    this.turn(true, action === "grade" ? "Grading…" : "Running the example…");
    const patience = " The first time takes longer: libraries are imported.";
    const slow = window.setTimeout(() => this.status.append(patience), 3000);
    try {
      const record = await ask({ action, item: address, source });
      this.turn(false, "");
      this.action = action;
      this.record = record;
      if (action === "grade" && counts(record)) submit(source, record);
      else keep(source, record);
      this.draw();
      this.said?.focus();
    } catch (error) {
      this.turn(false, "");
      this.fail(error);
    } finally {
      window.clearTimeout(slow);
    }
  }

  /** Busy or not. A button that was pressed keeps the focus: it is not disabled. */
  private turn(busy: boolean, words: string): void {
    this.busy = busy;
    this.status.textContent = words;
    this.ways.replaceChildren();
    this.row?.setAttribute("aria-busy", String(busy));
    for (const tool of this.row?.querySelectorAll("button") ?? []) {
      tool.setAttribute("aria-disabled", String(busy));
    }
  }

  private fail(error: unknown): void {
    if (error instanceof NoGraderError) this.waits(error.login);
    else this.status.textContent = (error as Error).message;
  }

  /** Say that nobody can grade yet, and how to get somebody. */
  private waits(login: boolean): void {
    const connected = (): void =>
      this.turn(false, "Binder is connected. Grade your program now.");
    this.status.replaceChildren(
      h("strong", {}, "This question waits for a kernel."),
      " What you write is kept.",
    );
    this.ways.replaceChildren(offer({ login, connected, progress: true }));
  }
}
