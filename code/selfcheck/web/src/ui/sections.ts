/** Notice that the section of an objective is opened: by a link, or by coming into view. */

import type { Objective } from "../core/types";

type Objectives = Record<string, Objective>;

/** The heading that a link to a section leads to, where it is in this page. */
function headingOf(href: string): Element | null {
  const address = new URL(href, document.baseURI);
  if (address.href.split("#")[0] !== location.href.split("#")[0]) return null;
  const target = document.getElementById(decodeURIComponent(address.hash.slice(1)));
  // The label of a section is an empty element before the heading, or the section.
  const section = target?.closest("section") ?? target;
  return section?.querySelector("h1, h2, h3, h4, h5, h6") ?? target;
}

export class Sections {
  private watched = new Map<Element, string[]>();
  private readonly observer = new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries) {
      if (isIntersecting) this.watched.get(target)?.forEach(this.opened);
    }
  });

  /** Calls `opened` with the id of each objective whose section was opened. */
  constructor(
    root: HTMLElement,
    private readonly objectives: Objectives,
    private readonly opened: (id: string) => void,
  ) {
    const follow = (event: Event): void => {
      const link = (event.target as Element).closest?.<HTMLAnchorElement>("a[href]");
      if (link) this.led(link.href).forEach(opened);
    };
    root.addEventListener("click", follow);
    root.addEventListener("auxclick", follow); // a middle click opens a tab
  }

  /** The objectives whose section is at an address. */
  private led(address: string): string[] {
    return Object.entries(this.objectives).flatMap(([id, { href }]) =>
      href && new URL(href, document.baseURI).href === address ? [id] : [],
    );
  }

  /** Watch for the sections of these objectives, and of no others. */
  watch(ids: readonly string[]): void {
    this.observer.disconnect();
    this.watched.clear();
    for (const id of ids) {
      const href = this.objectives[id]?.href;
      // What no link leads to cannot be asked of a reader.
      if (!href) {
        this.opened(id);
        continue;
      }
      const heading = headingOf(href);
      if (!heading) continue;
      this.watched.set(heading, [...(this.watched.get(heading) ?? []), id]);
      this.observer.observe(heading);
    }
  }
}
