/** The code editor: CodeMirror with Python, colored by the book's style sheet. */

import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { python } from "@codemirror/lang-python";
import {
  bracketMatching,
  indentOnInput,
  indentUnit,
  syntaxHighlighting,
} from "@codemirror/language";
import { Compartment, EditorState } from "@codemirror/state";
import { EditorView, keymap } from "@codemirror/view";
import { classHighlighter } from "@lezer/highlight";
import type { Editor, EditorOptions } from "../bundle";

const THEME = EditorView.theme({
  "&": { fontSize: "inherit" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: "inherit", lineHeight: "inherit" },
  ".cm-content": { padding: "0.5rem 0", caretColor: "currentColor" },
  ".cm-line": { padding: "0 0.75rem" },
});

export function editor(options: EditorOptions): Editor {
  const locked = new Compartment();
  const lock = (on: boolean) => [
    EditorState.readOnly.of(on),
    EditorView.editable.of(!on),
  ];
  const run = (): boolean => {
    options.run?.();
    return options.run !== undefined;
  };
  // a tab stop also while locked: long lines are scrolled from there
  const attributes: Record<string, string> = {
    "aria-label": options.label,
    tabindex: "0",
  };
  if (options.describedBy) attributes["aria-describedby"] = options.describedBy;
  const view = new EditorView({
    doc: options.value,
    extensions: [
      // Tab is not bound: it leaves the editor, as it leaves every other field
      keymap.of([
        { key: "Shift-Enter", run },
        { key: "Mod-Enter", run },
        ...historyKeymap,
        ...defaultKeymap,
      ]),
      history(),
      python(),
      indentUnit.of("    "),
      indentOnInput(),
      bracketMatching(),
      syntaxHighlighting(classHighlighter),
      THEME,
      EditorView.editorAttributes.of({ class: "sc-editor" }),
      EditorView.contentAttributes.of(attributes),
      EditorView.updateListener.of((update) => {
        if (update.docChanged) options.changed?.(update.state.doc.toString());
      }),
      locked.of(lock(false)),
    ],
  });
  return {
    element: view.dom,
    get value() {
      return view.state.doc.toString();
    },
    set value(text: string) {
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } });
    },
    focus: () => view.focus(),
    lock: (on) => view.dispatch({ effects: locked.reconfigure(lock(on)) }),
  };
}
