/** The bar under a chapter's title, before anything is live: one button. */

import { kernelBundle } from "../bundle";
import { offer } from "../code/offer";
import { findServer } from "../server";
import { button, h } from "../ui/dom";

export function mountBar(bar: HTMLElement): void {
  if (!document.querySelector("div.cell .cell_input pre")) return;
  const said = h("div", { class: "sc-live-said", role: "status" });
  const go = button("Run live", () => void start(), "sc-primary");
  const what = h(
    "span",
    { class: "sc-muted" },
    "Turns this page’s cells into editors and runs them on a kernel.",
  );
  const ways = h("div", { class: "sc-live-ways" });
  bar.replaceChildren(go, what, said, ways);
  bar.hidden = false;

  async function start(): Promise<void> {
    go.disabled = true;
    said.textContent = "Looking for a kernel…";
    ways.replaceChildren();
    try {
      const server = await findServer();
      const bundle =
        server.kind === "ready" ? await kernelBundle() : window.selfcheckKernel;
      if (server.kind === "ready") bundle?.goLive(bar, server);
      else if (bundle?.binderConnected()) bundle.goLive(bar, "binder");
      else none(server.kind === "login");
    } catch (error) {
      said.textContent = `${(error as Error).message}. Reload the page and try again.`;
    }
    go.disabled = false;
  }

  function none(login: boolean): void {
    const connected = (): void => window.selfcheckKernel?.goLive(bar, "binder");
    said.textContent = login ? "" : "There is no kernel behind this page yet.";
    ways.replaceChildren(offer({ login, connected, progress: false }));
  }
}
