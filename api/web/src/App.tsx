// The page: a program goes in on one side, its judgement comes out on the other, pushed as it happens.

import { useCallback, useEffect, useRef, useState } from "react";
import { getLanguages, oneOfEachName, postSubmission, type Language } from "./api";
import { Editor } from "./Editor";
import { advance, headlineOf, startRun, type Run } from "./run";
import { RunView } from "./RunView";
import { sampleFor } from "./samples";
import type { SocketState } from "./socket";
import { rememberDraft, rememberedDraft, rememberedLanguage, rememberLanguage } from "./storage";
import { useSocket } from "./useSocket";

const kStatusWords: Record<SocketState["status"], string> = {
  connecting: "Connecting…",
  open: "Live",
  reconnecting: "Reconnecting…",
  streaming: "No WebSocket, live by another way",
  polling: "No WebSocket, asking every second",
  closed: "No push, asking every second",
};

/** As in styles.css. */
const kOneColumn = "(max-width: 820px)";

const kLanguagesRetryMs = 3_000;

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

export function App() {
  const { status, closeReason, subscribe } = useSocket();
  const [languages, setLanguages] = useState<Language[]>([]);
  const [language, setLanguage] = useState<Language | null>(null);
  const [source, setSource] = useState("");
  const [stdin, setStdin] = useState("");
  const [run, setRun] = useState<Run | null>(null);
  const [sending, setSending] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const result = useRef<HTMLElement>(null);
  const unsubscribe = useRef<() => void>(undefined);

  const choose = useCallback((chosen: Language) => {
    setLanguage(chosen);
    setSource(rememberedDraft(chosen.id) ?? sampleFor(chosen.name));
  }, []);

  const loadLanguages = useCallback(async () => {
    try {
      const list = oneOfEachName(await getLanguages());
      const remembered = rememberedLanguage();
      const first =
        list.find((entry) => entry.id === remembered) ?? list.find((entry) => entry.name.startsWith("C++ (GCC")) ?? list[0];
      setLanguages(list);
      setError(first ? null : "The server offers no language yet: no worker has come to it.");
      if (first) choose(first);
    } catch (reason) {
      setError(messageOf(reason));
    }
  }, [choose]);

  // Again and again, so that a page fills itself that was loaded while the server or its workers were away.
  const needsLanguages = languages.length === 0;
  useEffect(() => {
    if (!needsLanguages) return;
    void loadLanguages();
    const timer = setInterval(() => void loadLanguages(), kLanguagesRetryMs);
    return () => clearInterval(timer);
  }, [needsLanguages, loadLanguages]);

  useEffect(() => () => unsubscribe.current?.(), []);

  const edit = (text: string) => {
    setSource(text);
    if (language) rememberDraft(language.id, text === sampleFor(language.name) ? null : text);
  };

  const submit = async () => {
    if (sending || !language) return;
    const pressedAt = performance.now();
    setSending(true);
    setError(null);
    try {
      const receipt = await postSubmission({ source_code: source, language_id: language.id, stdin });
      unsubscribe.current?.();
      setRun(startRun(receipt.token));
      // From the very beginning, so that nothing that happened since the POST is missed.
      unsubscribe.current = subscribe(
        receipt.channel,
        (message) => {
          const elapsedMs = performance.now() - pressedAt;
          setRun((current) => (current?.token === receipt.token ? advance(current, message, elapsedMs) : current));
        },
        { epoch: receipt.epoch, seq: 0 },
      );
    } catch (reason) {
      setError(messageOf(reason));
    } finally {
      setSending(false);
      // In one column the result is below the program, out of sight.
      if (window.matchMedia(kOneColumn).matches) result.current?.scrollIntoView({ behavior: "smooth" });
    }
  };

  const latestSubmit = useRef(submit);
  useEffect(() => {
    latestSubmit.current = submit;
  });
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.repeat) return;
      event.preventDefault();
      void latestSubmit.current();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, []);

  const isEdited = language !== null && source !== sampleFor(language.name);

  return (
    <>
      <header>
        <h1>pushjudge</h1>
        <p className={`connection ${status}`} role="status" data-testid="connection" data-status={status}>
          <span className="dot" aria-hidden="true" />
          {kStatusWords[status]}
          {closeReason && ` (${closeReason})`}
        </p>
      </header>

      <main>
        <form
          className="panel"
          aria-label="Program"
          onSubmit={(event) => {
            event.preventDefault();
            void submit();
          }}
        >
          <div className="bar">
            <label htmlFor="language">Language</label>
            <select
              id="language"
              value={language?.id ?? ""}
              disabled={languages.length === 0}
              onChange={(event) => {
                const chosen = languages.find((entry) => entry.id === Number(event.target.value));
                if (!chosen) return;
                rememberLanguage(chosen.id);
                choose(chosen);
              }}
            >
              {languages.length === 0 && <option value="">Loading…</option>}
              {languages.map((entry) => (
                <option key={entry.id} value={entry.id}>
                  {entry.name}
                </option>
              ))}
            </select>
            {isEdited && sampleFor(language.name) !== "" && (
              <button type="button" className="quiet" onClick={() => edit(sampleFor(language.name))}>
                Back to the sample
              </button>
            )}
          </div>

          <h2 id="source-label" className="label">
            Source code
          </h2>
          <Editor languageName={language?.name ?? ""} value={source} onChange={edit} labelledBy="source-label" describedBy="keys" />

          <label htmlFor="stdin" className="label">
            Standard input
          </label>
          <textarea id="stdin" rows={3} value={stdin} spellCheck={false} autoCapitalize="off" onChange={(event) => setStdin(event.target.value)} />

          <div className="bar">
            {/* Not `disabled`, which would take the keyboard's focus away for the moment of sending. */}
            <button type="submit" className="run-button" aria-disabled={sending || !language} data-testid="run-button">
              {sending ? "Sending…" : "Run"}
            </button>
            <span className="hint" id="keys">
              <kbd>Ctrl</kbd>+<kbd>Enter</kbd> runs. <kbd>Esc</kbd>, then <kbd>Tab</kbd> leaves the editor.
            </span>
          </div>
        </form>

        <section className="panel" ref={result} aria-labelledby="result-label">
          <h2 id="result-label">Result</h2>
          {/* Always there, because a live region that appears together with its text is not read out. */}
          <p className="visually-hidden" role="status">
            {run ? headlineOf(run) : ""}
          </p>
          {error && (
            <p className="error" role="alert">
              {error}
            </p>
          )}
          {run ? <RunView run={run} /> : !error && <p className="hint">Nothing has been run yet.</p>}
        </section>
      </main>
    </>
  );
}
