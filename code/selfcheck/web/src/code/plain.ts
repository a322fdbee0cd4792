/** A textarea that does as an editor: at once there, and where nothing else loads. */

import type { Editor, EditorOptions } from "../bundle";
import { h } from "../ui/dom";

export function plainEditor(options: EditorOptions): Editor {
  const area = h("textarea", {
    class: "sc-editor sc-editor-plain",
    "aria-label": options.label,
    "aria-describedby": options.describedBy,
    spellcheck: "false",
    autocapitalize: "off",
    autocomplete: "off",
    wrap: "off",
  });
  const fit = (): void => {
    area.rows = Math.max(3, area.value.split("\n").length + 1);
  };
  area.value = options.value;
  fit();
  area.addEventListener("input", () => {
    fit();
    options.changed?.(area.value);
  });
  area.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.shiftKey || event.ctrlKey || event.metaKey))
      return;
    event.preventDefault();
    options.run?.();
  });
  return {
    element: area,
    get value() {
      return area.value;
    },
    set value(text: string) {
      area.value = text;
      fit();
      options.changed?.(text);
    },
    focus: () => area.focus(),
    lock: (locked) => {
      area.readOnly = locked;
    },
  };
}
