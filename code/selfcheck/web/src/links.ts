/** Addresses in a text that was written for another page of the site. */

import { bookRoot } from "./server";

const ATTRIBUTES = ["href", "src", "data", "poster"];

/** The page at an address from the root of the site, wherever the site is. */
export function pageAt(address: string): URL {
  return new URL(address, bookRoot());
}

/** An address as seen from `page`, made good for the page that is shown. */
export function rebased(href: string, page: string | undefined): string {
  if (!href || page === undefined || here(page)) return href;
  return new URL(href, pageAt(page)).href;
}

/** Let the links and images of `root`, written for `page`, lead where they led there. */
export function rebase(root: ParentNode, page: string | undefined): void {
  if (page === undefined || here(page)) return;
  for (const name of ATTRIBUTES) {
    for (const element of root.querySelectorAll(`[${name}]`)) {
      const address = element.getAttribute(name) ?? "";
      if (address) element.setAttribute(name, rebased(address, page));
    }
  }
}

/** The same for a text of HTML. */
export function rebasedText(text: string, page: string | undefined): string {
  const holder = document.createElement("template");
  holder.innerHTML = text;
  rebase(holder.content, page);
  return holder.innerHTML;
}

/** Whether `page` is the one that is shown: its own anchors stay anchors. */
function here(page: string): boolean {
  const at = pageAt(page);
  return at.pathname === location.pathname && at.host === location.host;
}
