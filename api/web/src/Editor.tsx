// The code editor: CodeMirror in React's clothes.

import { indentWithTab } from "@codemirror/commands";
import { HighlightStyle, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { Compartment, Prec } from "@codemirror/state";
import { EditorView, keymap } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { basicSetup } from "codemirror";
import { useEffect, useRef } from "react";
import { grammarFor } from "./grammars";

// Colours are CSS variables, so that light and dark need no second theme.
const highlighting = HighlightStyle.define([
  { tag: [tags.keyword, tags.modifier, tags.operatorKeyword], color: "var(--code-keyword)" },
  { tag: [tags.string, tags.character, tags.special(tags.string)], color: "var(--code-string)" },
  { tag: [tags.number, tags.bool, tags.null, tags.atom], color: "var(--code-number)" },
  { tag: [tags.comment, tags.meta, tags.processingInstruction], color: "var(--code-comment)" },
  { tag: [tags.typeName, tags.className, tags.standard(tags.name)], color: "var(--code-type)" },
  { tag: [tags.function(tags.variableName), tags.function(tags.propertyName)], color: "var(--code-function)" },
]);

const theme = EditorView.theme({
  "&": { height: "100%", color: "var(--text)", backgroundColor: "var(--field)", fontSize: "14px" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.5" },
  ".cm-content": { caretColor: "var(--text)" },
  ".cm-cursor": { borderLeftColor: "var(--text)" },
  ".cm-gutters": { color: "var(--faint)", backgroundColor: "var(--field)", borderRight: "1px solid var(--line)" },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "var(--active-line)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    backgroundColor: "var(--selection)",
  },
  "&.cm-focused .cm-matchingBracket": { backgroundColor: "var(--selection)" },
  ".cm-selectionMatch": { backgroundColor: "var(--selection)" },
  ".cm-panels, .cm-tooltip": { color: "var(--text)", backgroundColor: "var(--surface)", borderColor: "var(--line)" },
  ".cm-tooltip-autocomplete > ul > li[aria-selected]": { color: "var(--on-accent)", backgroundColor: "var(--accent)" },
});

interface EditorProps {
  languageName: string;
  value: string;
  onChange: (value: string) => void;
  /** The id of the element that says what is edited here. */
  labelledBy: string;
  /** The id of the element that says how the keyboard gets out. */
  describedBy: string;
}

export function Editor({ languageName, value, onChange, labelledBy, describedBy }: EditorProps) {
  const parent = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const grammar = useRef(new Compartment());
  const initialValue = useRef(value);
  const changed = useRef(onChange);
  useEffect(() => {
    changed.current = onChange;
  });

  useEffect(() => {
    const editor = new EditorView({
      parent: parent.current!,
      doc: initialValue.current,
      extensions: [
        // The page runs the program on this key; here it must only not insert a line.
        Prec.highest(keymap.of([{ key: "Mod-Enter", run: () => true }])),
        basicSetup,
        keymap.of([indentWithTab]),
        indentUnit.of("    "),
        syntaxHighlighting(highlighting),
        theme,
        grammar.current.of([]),
        EditorView.contentAttributes.of({ "aria-labelledby": labelledBy, "aria-describedby": describedBy }),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) changed.current(update.state.doc.toString());
        }),
      ],
    });
    view.current = editor;
    return () => {
      // Under StrictMode the editor is made twice; the second one starts with what the first one held.
      initialValue.current = editor.state.doc.toString();
      view.current = null;
      editor.destroy();
    };
  }, [labelledBy, describedBy]);

  useEffect(() => {
    const editor = view.current;
    if (editor && editor.state.doc.toString() !== value) {
      editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: value } });
    }
  }, [value]);

  useEffect(() => {
    let left = false;
    grammarFor(languageName).then(
      (extension) => {
        if (!left) view.current?.dispatch({ effects: grammar.current.reconfigure(extension) });
      },
      (reason: unknown) => console.warn(`no colours for ${languageName}:`, reason),
    );
    return () => {
      left = true;
    };
  }, [languageName]);

  return <div className="editor" ref={parent} />;
}
