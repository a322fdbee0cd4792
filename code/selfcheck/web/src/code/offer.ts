/** How to get a kernel where the page has none: on one's computer, or on Binder. */

import { binderSpot, kernelBundle, type BinderSpot } from "../bundle";
import { serveCommand } from "../server";
import { button, h } from "../ui/dom";

export interface OfferOptions {
  /** A server is there, but it does not know this browser. */
  login: boolean;
  /** Called once a kernel on Binder can be had. */
  connected(): void;
  /** Whether progress has to be taken along to the other address. */
  progress: boolean;
}

export function offer(options: OfferOptions): HTMLElement {
  const spot = binderSpot();
  if (options.login) {
    return h(
      "div",
      { class: "sc-offer" },
      h(
        "p",
        {},
        "The server behind this page does not know this browser any more. Open the " +
          "address that ",
        h("code", {}, serveCommand()),
        " printed last, and come back to this page.",
      ),
    );
  }
  return h(
    "div",
    { class: "sc-offer" },
    h("p", { class: "sc-label" }, "On your computer"),
    h(
      "p",
      {},
      "In a clone of the book, run ",
      h("code", {}, serveCommand()),
      " and open this page at the address it prints. The code stays on your machine.",
      options.progress
        ? " To take your progress along, save it to a file under “Your progress” and load it there."
        : null,
    ),
    ...(spot ? binder(spot, options.connected) : []),
  );
}

function binder(spot: BinderSpot, connected: () => void): HTMLElement[] {
  const log = h("p", { class: "sc-muted", role: "status" });
  const connect = button("Connect to Binder", () => {
    connect.disabled = true;
    log.textContent = "Asking Binder for a server…";
    kernelBundle()
      .then((bundle) => bundle.connectBinder(spot, (line) => (log.textContent = line)))
      .then(connected)
      .catch((error: Error) => {
        log.textContent = `${error.message} You can try again.`;
        connect.disabled = false;
      });
  });
  return [
    h("p", { class: "sc-label" }, "On Binder"),
    h(
      "p",
      {},
      `A free public server at ${new URL(spot.hub).host}. It takes one to five minutes to ` +
        "start, and your code runs there. This page asks it only when you press the button.",
    ),
    connect,
    log,
  ];
}
