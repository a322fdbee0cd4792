import type { AttemptItem, ItemData } from "../core/types";
import { h } from "./dom";
import type { Pool } from "./pool";
import { ASK } from "./question";

/** A question as it is printed: which variant, options in which order. */
export type Printed = Pick<AttemptItem, "id" | "variant" | "order">;

/** A pool's question as it stands in the pool. */
export function plainly({ id, options }: ItemData): Printed {
  return { id, variant: 0, order: [...Array(options).keys()] };
}

/**
 * Put what `asked` names on paper whenever the page is printed.
 *
 * Where it names nothing, the screen is printed as it stands.
 */
export function printing(
  root: HTMLElement,
  pool: Pool,
  asked: () => { items: ItemData[]; printed: Printed[] },
): void {
  let paper: HTMLElement | null = null;
  const clear = (): void => {
    paper?.remove();
    root.classList.remove("sc-on-paper");
  };
  window.addEventListener("beforeprint", () => {
    clear();
    const { items, printed } = asked();
    const known = printed.flatMap((one) => {
      const item = items.find(({ id }) => id === one.id);
      return item && pool.has(one.id, one.variant) ? [{ item, one }] : [];
    });
    if (!known.length) return;
    paper = h("div", { class: "sc-paper" });
    paper.append(...known.map(({ item, one }) => article(item, one, pool)));
    root.append(paper);
    root.classList.add("sc-on-paper");
  });
  window.addEventListener("afterprint", clear);
}

function article(item: ItemData, printed: Printed, pool: Pool): HTMLElement {
  const { id, variant, order } = printed;
  const options = order.map((index) => h("li", {}, pool.option(id, variant, index)));
  return h(
    "article",
    { class: "sc-item", "data-type": item.type },
    h("p", { class: "sc-task" }, `${ASK[item.type]}.`),
    h("div", { class: "sc-prompt" }, pool.prompt(id, variant)),
    options.length ? h("ol", { class: "sc-options" }, ...options) : null,
    item.starter ? h("pre", { class: "sc-starter" }, item.starter.trimEnd()) : null,
  );
}
