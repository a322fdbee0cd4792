/** Text as a terminal shows it: colors, and lines that are written over. */

import { h } from "../ui/dom";

const LIMIT = 200_000;
const ESCAPE =
  /\u001b\[([0-9;?]*)([A-Za-z])|\u001b\][^\u0007]*\u0007|\u001b[()][A-Z0-9]/y;

interface Cell {
  char: string;
  style: string;
}

/** The style that the codes of one escape make of `style`: class names. */
function restyle(style: string, codes: string): string {
  let names = style ? style.split(" ") : [];
  const parts = codes.split(";").map(Number);
  for (let i = 0; i < parts.length; i++) {
    const code = parts[i] as number;
    if (code === 0) names = [];
    else if (code === 1) names = [...names, "sc-bold"];
    else if (code === 22) names = names.filter((name) => name !== "sc-bold");
    else if (code === 39 || (code >= 30 && code <= 37) || (code >= 90 && code <= 97)) {
      names = names.filter((name) => name === "sc-bold");
      if (code !== 39) names.push(`sc-ansi-${code % 10}`);
    } else if (code === 38 || code === 48) i += parts[i + 1] === 5 ? 2 : 4; // beyond our eight
  }
  return [...new Set(names)].join(" ");
}

export class Terminal {
  readonly element = h("pre", { class: "output stream" });
  private readonly last = h("span");
  private line: Cell[] = [];
  private at = 0;
  private style = "";
  private written = 0;

  constructor() {
    this.element.append(this.last);
  }

  write(text: string): void {
    if (this.written > LIMIT) return;
    const done: Cell[][] = [];
    for (let i = 0; i < text.length;) {
      ESCAPE.lastIndex = i;
      const escape = ESCAPE.exec(text);
      if (escape) {
        this.control(escape[1] ?? "", escape[2] ?? "");
        i += escape[0].length;
        continue;
      }
      const char = String.fromCodePoint(text.codePointAt(i) as number);
      i += char.length;
      if (char === "\n") {
        done.push(this.line);
        this.line = [];
        this.at = 0;
      } else if (char === "\r") this.at = 0;
      else if (char === "\b") this.at = Math.max(0, this.at - 1);
      else this.line[this.at++] = { char, style: this.style };
    }
    for (const line of done) this.commit(line);
    this.last.replaceChildren(...spans(this.line));
  }

  private control(codes: string, command: string): void {
    if (command === "m") this.style = restyle(this.style, codes || "0");
    else if (command === "K") this.line.length = Math.min(this.line.length, this.at);
  }

  private commit(line: Cell[]): void {
    if (this.written > LIMIT) return;
    this.written += line.length + 1;
    this.last.before(...spans(line), "\n");
    if (this.written > LIMIT)
      this.last.before("… what it prints from here on is not shown\n");
  }
}

function spans(line: Cell[]): (Node | string)[] {
  const runs: (Node | string)[] = [];
  let from = 0;
  for (let i = 1; i <= line.length; i++) {
    if (i < line.length && line[i]?.style === line[from]?.style) continue;
    const text = line
      .slice(from, i)
      .map((cell) => cell?.char ?? " ")
      .join("");
    const style = line[from]?.style ?? "";
    if (text) runs.push(style ? h("span", { class: style }, text) : text);
    from = i;
  }
  return runs;
}

/** A block of text with its colors, as tracebacks come. */
export function colored(text: string, look: string): HTMLElement {
  const terminal = new Terminal();
  terminal.write(text);
  terminal.element.className = look;
  return terminal.element;
}
