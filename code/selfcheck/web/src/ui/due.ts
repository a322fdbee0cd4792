/** A line on the first screen: what of this quiz waits to be reviewed. */

import { due } from "../core";
import { count, h } from "./dom";
import { now, type Session } from "./session";

/** `address` is that of the page with the deck; without one the command line reviews. */
export function dueHint(
  session: Session,
  address: string | undefined,
): HTMLElement | null {
  const waiting = due(session.data, session.state, now()).length;
  if (!waiting) return null;
  const words = `${count(waiting, "question")} of this quiz ${waiting === 1 ? "is" : "are"} due for review`;
  return h(
    "p",
    { class: "sc-due" },
    ...(address
      ? [h("a", { href: address }, words), "."]
      : [`${words}: run `, h("code", {}, "selfcheck review"), "."]),
  );
}
