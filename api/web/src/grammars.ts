// The editor's knowledge of each language, loaded when it is first needed.

import { StreamLanguage, type StreamParser } from "@codemirror/language";
import type { Extension } from "@codemirror/state";
import { familyOf } from "./samples";

const stream = async (parser: Promise<StreamParser<unknown>>): Promise<Extension> => StreamLanguage.define(await parser);

const kGrammars: Record<string, () => Promise<Extension>> = {
  Assembly: () => stream(import("@codemirror/legacy-modes/mode/gas").then((mode) => mode.gas)),
  Bash: () => stream(import("@codemirror/legacy-modes/mode/shell").then((mode) => mode.shell)),
  C: () => import("@codemirror/lang-cpp").then((language) => language.cpp()),
  "C++": () => import("@codemirror/lang-cpp").then((language) => language.cpp()),
  "C#": () => stream(import("@codemirror/legacy-modes/mode/clike").then((mode) => mode.csharp)),
  D: () => stream(import("@codemirror/legacy-modes/mode/d").then((mode) => mode.d)),
  Fortran: () => stream(import("@codemirror/legacy-modes/mode/fortran").then((mode) => mode.fortran)),
  Go: () => stream(import("@codemirror/legacy-modes/mode/go").then((mode) => mode.go)),
  Haskell: () => stream(import("@codemirror/legacy-modes/mode/haskell").then((mode) => mode.haskell)),
  Java: () => import("@codemirror/lang-java").then((language) => language.java()),
  JavaScript: () => import("@codemirror/lang-javascript").then((language) => language.javascript()),
  Kotlin: () => stream(import("@codemirror/legacy-modes/mode/clike").then((mode) => mode.kotlin)),
  Lua: () => stream(import("@codemirror/legacy-modes/mode/lua").then((mode) => mode.lua)),
  OCaml: () => stream(import("@codemirror/legacy-modes/mode/mllike").then((mode) => mode.oCaml)),
  Pascal: () => stream(import("@codemirror/legacy-modes/mode/pascal").then((mode) => mode.pascal)),
  Perl: () => stream(import("@codemirror/legacy-modes/mode/perl").then((mode) => mode.perl)),
  Python: () => import("@codemirror/lang-python").then((language) => language.python()),
  R: () => stream(import("@codemirror/legacy-modes/mode/r").then((mode) => mode.r)),
  Ruby: () => stream(import("@codemirror/legacy-modes/mode/ruby").then((mode) => mode.ruby)),
  Rust: () => stream(import("@codemirror/legacy-modes/mode/rust").then((mode) => mode.rust)),
  Scala: () => stream(import("@codemirror/legacy-modes/mode/clike").then((mode) => mode.scala)),
  SQL: () => stream(import("@codemirror/legacy-modes/mode/sql").then((mode) => mode.standardSQL)),
  Swift: () => stream(import("@codemirror/legacy-modes/mode/swift").then((mode) => mode.swift)),
  TypeScript: () => import("@codemirror/lang-javascript").then((language) => language.javascript({ typescript: true })),
};

/** Resolves to nothing for a language without a grammar: its text is then edited plain. */
export async function grammarFor(languageName: string): Promise<Extension> {
  return (await kGrammars[familyOf(languageName)]?.()) ?? [];
}
