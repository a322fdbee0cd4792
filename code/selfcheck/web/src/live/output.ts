/** What a cell sends out, shown under it. */

import { h, html, letScroll } from "../ui/dom";
import type { Message } from "./kernel";
import { colored, Terminal } from "./terminal";

type Bundle = Record<string, unknown>;

export class Output {
  private streams: { name: string; terminal: Terminal } | null = null;
  private displays = new Map<string, HTMLElement[]>();
  private clearNext = false;

  constructor(readonly element: HTMLElement) {}

  clear(): void {
    this.clearNext = false;
    this.streams = null;
    this.element.replaceChildren();
  }

  /** Show a message of the kernel; those that are no output are passed over. */
  show(message: Message): void {
    const content = message.content as Bundle;
    switch (message.header.msg_type) {
      case "stream":
        this.stream(String(content.name), String(content.text));
        break;
      case "error":
        this.add(traceback(content));
        break;
      case "display_data":
      case "execute_result":
        this.display(content);
        break;
      case "update_display_data":
        this.update(content);
        break;
      case "clear_output":
        if (content.wait) this.clearNext = true;
        else this.clear();
        break;
    }
  }

  private add(element: HTMLElement): void {
    if (this.clearNext) this.clear();
    this.streams = null;
    this.element.append(element);
    letScroll(this.element);
  }

  private stream(name: string, text: string): void {
    if (this.clearNext) this.clear();
    if (this.streams?.name !== name) {
      const terminal = new Terminal();
      this.add(terminal.element);
      this.streams = { name, terminal };
      terminal.element.classList.add(name);
    }
    this.streams.terminal.write(text);
    letScroll(this.element);
  }

  private display(content: Bundle): void {
    const element = rendered(content.data as Bundle);
    const { display_id: id } = (content.transient ?? {}) as { display_id?: string };
    if (id) this.displays.set(id, [...(this.displays.get(id) ?? []), element]);
    this.add(element);
  }

  private update(content: Bundle): void {
    const { display_id: id } = (content.transient ?? {}) as { display_id?: string };
    const fresh = (this.displays.get(id ?? "") ?? []).map((old) => {
      const element = rendered(content.data as Bundle);
      old.replaceWith(element);
      return element;
    });
    if (id) this.displays.set(id, fresh);
  }
}

function traceback(content: Bundle): HTMLElement {
  const lines = content.traceback as string[] | undefined;
  const text = lines?.length ? lines.join("\n") : `${content.ename}: ${content.evalue}`;
  return colored(text, "output traceback");
}

function text(data: Bundle, mime: string): string {
  const value = data[mime];
  return Array.isArray(value) ? value.join("") : String(value ?? "");
}

/** The richest form of a bundle that a page can show without running scripts. */
function rendered(data: Bundle): HTMLElement {
  const picture = ["image/png", "image/jpeg"].find((mime) => mime in data);
  if ("text/html" in data) {
    const box = h("div", { class: "output text_html sc-scroll" });
    box.append(html(text(data, "text/html")));
    for (const script of box.querySelectorAll("script")) script.remove();
    return box;
  }
  if ("image/svg+xml" in data) {
    return image(
      data,
      `image/svg+xml,${encodeURIComponent(text(data, "image/svg+xml"))}`,
    );
  }
  if (picture) return image(data, `${picture};base64,${text(data, picture).trim()}`);
  return colored(text(data, "text/plain"), "output text_plain");
}

function image(data: Bundle, source: string): HTMLElement {
  const what = text(data, "text/plain").replace(/[<>]/g, "");
  return h("img", {
    class: "output",
    src: `data:${source}`,
    alt: `Output of the cell: ${what}`,
  });
}
