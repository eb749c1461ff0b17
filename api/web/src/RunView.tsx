// What became of a run: the way it went, the verdict, and what the program wrote.

import { headlineOf, isOver, verdictOf, type Run } from "./run";
import { kibText, secondsText, textsOf } from "./text";

export function RunView({ run }: { run: Run }) {
  const { submission } = run;
  const verdict = verdictOf(run);
  const tone = !isOver(run) ? "busy" : submission?.status.id === 3 ? "good" : "bad";
  const texts = submission ? textsOf(submission) : null;

  return (
    <div className="run" data-testid="run" data-phase={run.phase} data-token={run.token}>
      <div className="headline">
        <span className={`verdict ${tone}`} data-testid="verdict">
          {headlineOf(run)}
        </span>
        {run.progress && (
          <span className="fact">
            test {run.progress.test} of {run.progress.of}
          </span>
        )}
        {verdict && submission?.time != null && (
          <span className="fact" data-testid="time">
            {secondsText(submission.time)} CPU
          </span>
        )}
        {verdict && submission?.memory != null && (
          <span className="fact" data-testid="memory">
            {kibText(submission.memory)}
          </span>
        )}
      </div>

      {run.error && (
        <p className="error" role="alert">
          This run cannot be followed: {run.error}.
        </p>
      )}

      {run.timeline.length > 0 && (
        <ol className="timeline" aria-label="Timeline" data-testid="timeline">
          {run.timeline.map((entry, index) => (
            <li key={index} data-event={entry.event}>
              <span className="event">{entry.event}</span>
              <span className="when">{index === 0 ? "0 ms" : `+${secondsText(entry.sinceQueuedMs / 1000)}`}</span>
            </li>
          ))}
        </ol>
      )}

      {texts?.message && <p className="note">{texts.message}</p>}
      {texts?.compileOutput && <Output title="Compile output" text={texts.compileOutput} testid="compile-output" />}
      {texts?.stdout && <Output title="Output" text={texts.stdout} testid="stdout" />}
      {texts?.stderr && <Output title="Error output" text={texts.stderr} testid="stderr" />}
      {verdict && texts && !texts.stdout && !texts.stderr && !texts.compileOutput && <p className="hint">The program wrote nothing.</p>}
      {isOver(run) && run.roundTripMs !== null && (
        <p className="hint">On the screen {secondsText(run.roundTripMs / 1000)} after Run was pressed.</p>
      )}
    </div>
  );
}

function Output({ title, text, testid }: { title: string; text: string; testid: string }) {
  const id = `output-${testid}`;
  return (
    <section className="output">
      <h3 id={id}>{title}</h3>
      {/* Long outputs scroll, so the keyboard must be able to get in. */}
      <pre tabIndex={0} aria-labelledby={id} data-testid={testid}>
        {text}
      </pre>
    </section>
  );
}
