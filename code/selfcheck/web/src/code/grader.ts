/** Ask the grader for a verdict: this page's server first, then a Binder kernel. */

import type { Request } from "../bundle";
import type { GradeRecord } from "../core/types";
import { findServer, mayBeServed, post } from "../server";

/** There is nobody to ask; `login` when a server is there that does not know us. */
export class NoGraderError extends Error {
  constructor(readonly login: boolean) {
    super("no grader");
  }
}

let refused = false;

/** Whether somebody may be there to ask, as far as is known without asking. */
export function hasGrader(): boolean {
  return (
    (mayBeServed() && !refused) || Boolean(window.selfcheckKernel?.binderConnected())
  );
}

/** The record of a submission; throws NoGraderError, or an Error that can be shown. */
export async function ask(request: Request): Promise<GradeRecord> {
  const server = await findServer();
  if (server.kind === "ready") {
    refused = false;
    const { item, source } = request;
    const path = `selfcheck/api/${request.action}`;
    return checked(await post<GradeRecord>(server.base, path, { item, source }));
  }
  const bundle = window.selfcheckKernel;
  if (bundle?.binderConnected()) return checked(await bundle.gradeOnBinder(request));
  refused = true;
  throw new NoGraderError(server.kind === "login");
}

function checked(record: GradeRecord): GradeRecord {
  if (record?.schema === 1 && typeof record.verdict === "string") return record;
  throw new Error(
    "The grader's answer is of another version than this page. Build the book again, " +
      "then reload the page.",
  );
}

/** Whether a record uses up a graded submission. */
export function counts(record: GradeRecord): boolean {
  return record.verdict !== "refused";
}
