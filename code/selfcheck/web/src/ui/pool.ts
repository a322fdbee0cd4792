/** The rendered prompts and options of a quiz, out of its page or out of a script. */

import { setFormulas } from "../formulas";
import { rebase } from "../links";
import { html } from "./dom";

export class Pool {
  private articles = new Map<string, Element>();
  /** What scripts brought and nobody asked for yet: the HTML of each article. */
  private brought = new Map<string, string>();
  /** The page that the texts of an item were written for; none for this very page. */
  private pages = new Map<string, string>();

  /** Take the questions out of a section, where there is one. */
  constructor(section: HTMLElement | null = null) {
    const root = section?.querySelector(".sc-pool");
    for (const article of root?.querySelectorAll<HTMLElement>(".sc-item") ?? []) {
      const { item = "", variant = "0" } = article.dataset;
      this.articles.set(`${item}|${variant}`, article);
    }
    root?.remove();
  }

  /** Take in what a script brought: articles of `page`, one for each variant. */
  add(prompts: Record<string, string[]>, page: string): void {
    for (const [id, articles] of Object.entries(prompts)) {
      this.pages.set(id, page);
      articles.forEach((text, variant) => this.brought.set(`${id}|${variant}`, text));
    }
  }

  /** Whether the text of a question is here. */
  has(id: string, variant: number): boolean {
    const key = `${id}|${variant}`;
    return this.articles.has(key) || this.brought.has(key);
  }

  private article(id: string, variant: number): Element {
    const key = `${id}|${variant}`;
    const text = this.articles.has(key) ? undefined : this.brought.get(key);
    const fresh = text === undefined ? null : html(text).firstElementChild;
    if (fresh) {
      rebase(fresh, this.pages.get(id));
      this.articles.set(key, fresh);
    }
    const found = this.articles.get(key);
    if (!found)
      throw new Error(`expected the text of question ${id} (${variant}) in the page`);
    return found;
  }

  /** A copy of the prompt. */
  prompt(id: string, variant: number): Node {
    return copy(this.article(id, variant).querySelector(".sc-prompt"));
  }

  /** A copy of the text of an option or a line. */
  option(id: string, variant: number, index: number): Node {
    const article = this.article(id, variant);
    return copy(article.querySelector(`.sc-options > [data-option="${index}"]`));
  }

  /** A refutation or a discussion of an item: its links lead where they should. */
  said(id: string, text: string): DocumentFragment {
    const fragment = html(text);
    rebase(fragment, this.pages.get(id));
    setFormulas(fragment);
    return fragment;
  }
}

/** The children of `source`, without ids: a copy may stand beside another. */
function copy(source: Element | null): DocumentFragment {
  const fragment = document.createDocumentFragment();
  if (!source) return fragment;
  const clone = source.cloneNode(true) as Element;
  for (const element of clone.querySelectorAll("[id]")) element.removeAttribute("id");
  for (const element of clone.querySelectorAll("button.copybtn")) element.remove();
  fragment.append(...clone.childNodes);
  setFormulas(fragment);
  return fragment;
}
