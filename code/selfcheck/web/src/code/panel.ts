/** A coding question: an editor, the visible example, graded submissions. */

import { kernelBundle, type Editor } from "../bundle";
import { discussionOf } from "../core/judge";
import type { AttemptItem, GradeRecord, ItemData, Objective } from "../core/types";
import { button, count, freshId, h, html, letScroll } from "../ui/dom";
import type { Pool } from "../ui/pool";
import { frame } from "../ui/question";
import { ask, counts, hasGrader, NoGraderError } from "./grader";
import { offer } from "./offer";
import { plainEditor } from "./plain";
import { recordBox } from "./record";

export interface CodeOptions {
  quiz: string;
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
        ...this.example(),
        this.editor.element,
        ...this.help(),
      ),
      ...(this.settled ? [] : [this.actions()]),
      ...(this.settled ? [] : [this.status, this.ways]),
      ...(this.said ? [this.said] : []),
    );
    letScroll(this.element);
  }

  private help(): HTMLElement[] {
    if (this.settled) return [];
    const run = this.options.item.example ? "runs the example" : "grades";
    const keys = `Shift-Enter ${run}; Ctrl-] and Ctrl-[ indent. Tab leaves the editor.`;
    return [h("p", { class: "sc-hint", id: this.hint }, keys)];
  }

  private example(): HTMLElement[] {
    const { example } = this.options.item;
    if (!example) return [];
    const code = h("pre", { class: "sc-output" }, example.replace(/\n$/, ""));
    return [
      h(
        "details",
        { class: "sc-example" },
        h("summary", {}, "The example, which runs after your program"),
        code,
      ),
    ];
  }

  private actions(): HTMLElement {
    const { item, mode, giveUp } = this.options;
    const left = item.tries - this.now.entry.tries.length;
    const leave = mode === "practice" ? "Show the discussion" : "Give up";
    const tools = [
      item.example ? button("Run example", () => void this.send("run")) : null,
      button("Grade", () => void this.send("grade"), "sc-primary"),
      button(
        "Back to the starter",
        () => (this.editor.value = item.starter ?? ""),
        "sc-quiet",
      ),
      button(leave, () => this.busy || giveUp(), "sc-quiet"),
    ];
    const tries =
      mode === "practice" ? null : `${count(left, "graded submission")} left.`;
    const said = tries ? h("span", { class: "sc-muted" }, tries) : null;
    this.row = h("div", { class: "sc-actions" }, ...tools, said);
    return this.row;
  }

  private verdict(): HTMLElement | null {
    const { objectives, item, salt } = this.options;
    const { entry, keyOpen } = this.now;
    const box = this.record
      ? recordBox({ record: this.record, action: this.action, objectives })
      : null;
    if (!this.settled || entry.state === "open") return box;
    const settled = h(
      "div",
      { class: "sc-settled", tabindex: "-1" },
      ...(box ? [box] : []),
    );
    if (!entry.tries.length)
      settled.append(h("p", { class: "sc-verdict-head" }, "Given up."));
    else if (!box) {
      const words = entry.state === "right" ? "Right." : "Not right.";
      settled.append(h("p", { class: "sc-verdict-head" }, words));
    }
    const discussion = keyOpen
      ? discussionOf({ item, variant: entry.variant, salt })
      : "";
    if (discussion) settled.append(h("div", { class: "sc-why" }, html(discussion)));
    return settled;
  }

  private async send(action: "grade" | "run"): Promise<void> {
    if (this.busy || this.settled) return;
    const { quiz, item, keep, submit } = this.options;
    const source = this.editor.value;
    this.wait(action === "grade" ? "Grading…" : "Running the example…");
    const slow = window.setTimeout(
      () =>
        (this.status.textContent +=
          " The first time takes longer: TensorFlow is imported."),
      3000,
    );
    try {
      const record = await ask({ action, item: `${quiz}/${item.id}`, source });
      this.done("");
      this.action = action;
      this.record = record;
      if (action === "grade" && counts(record)) submit(source, record);
      else keep(source, record);
      this.draw();
      this.said?.focus();
    } catch (error) {
      this.done("");
      this.fail(error);
    } finally {
      window.clearTimeout(slow);
    }
  }

  private wait(words: string): void {
    this.turn(true, words);
  }

  private done(words: string): void {
    this.turn(false, words);
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
      this.done("Binder is connected. Grade your program now.");
    this.status.replaceChildren(
      h("strong", {}, "This question waits for a kernel."),
      " What you write is kept.",
    );
    this.ways.replaceChildren(offer({ login, connected, progress: true }));
  }
}
