/** Show what the grader, or a run of the example, had to say. */

import type { GradeRecord, Objective } from "../core/types";
import { h, icon, letScroll } from "../ui/dom";

const HEADS: Record<GradeRecord["verdict"], string> = {
  right: "Right.",
  wrong: "Not right.",
  error: "Your program stopped with an error.",
  timeout: "Your program did not end in time and was stopped.",
  memory: "Your program asked for more memory than it is given.",
  crashed: "Your program took its process down, so there is no result.",
  refused: "This was not graded, and no submission is used up.",
};

export interface RecordOptions {
  record: GradeRecord;
  action: "grade" | "run";
  objectives: Record<string, Objective>;
}

export function recordBox({ record, action, objectives }: RecordOptions): HTMLElement {
  const good = record.verdict === "right";
  const ran = action === "run" && good;
  const box = h("div", {
    class: `sc-verdict sc-verdict-${good ? "right" : "wrong"}`,
    tabindex: "-1",
  });
  const head = ran ? "The example ran." : HEADS[record.verdict];
  box.append(
    h(
      "p",
      { class: "sc-verdict-head" },
      icon(good ? "right" : "wrong"),
      h("strong", {}, head),
    ),
  );
  if (record.message && !ran)
    box.append(h("p", { class: "sc-message" }, record.message));
  if (record.checks.length) box.append(checks(record));
  if (record.stdout) {
    box.append(
      h("p", { class: "sc-label" }, "Printed"),
      h("pre", { class: "sc-output" }, record.stdout.replace(/\n$/, "")),
    );
  } else if (ran) {
    box.append(h("p", { class: "sc-muted" }, "It printed nothing."));
  }
  if (record.section && !good) box.append(pointer(record.section, objectives));
  box.append(h("p", { class: "sc-muted" }, circumstances(record)));
  letScroll(box);
  return box;
}

function checks(record: GradeRecord): HTMLElement {
  const good = record.checks.filter(({ ok }) => ok).length;
  const rows = record.checks.map(({ name, ok }) =>
    h(
      "li",
      {},
      icon(ok ? "right" : "wrong"),
      h("span", {}, name),
      h("span", { class: "sc-mark" }, ok ? "holds" : "fails"),
    ),
  );
  return h(
    "details",
    { open: record.verdict === "wrong" },
    h("summary", {}, `Checks: ${good} of ${record.checks.length} hold`),
    h("ul", { class: "sc-checks" }, ...rows),
  );
}

function pointer(section: string, objectives: Record<string, Objective>): HTMLElement {
  const known = Object.values(objectives).find(({ href }) =>
    href.endsWith(`#${section}`),
  );
  const link = h("a", { href: known?.href ?? `#${section}` }, known?.title ?? section);
  return h("p", { class: "sc-pointer" }, "Read again: ", link, ".");
}

function circumstances(record: GradeRecord): string {
  const { tensorflow } = record.versions;
  const where = tensorflow ? `, TensorFlow ${tensorflow}` : "";
  return `${record.seconds.toFixed(1)} s${where}`;
}
