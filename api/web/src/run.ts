// The life of one submission as the page shows it. Pure: each step makes a new value out of the old one and a message.

import { isEnd, isFinal, type ChannelMessage, type EventName, type Submission } from "./messages";

export interface TimelineEntry {
  event: EventName;
  /** Milliseconds since the submission was queued, by the server's clock. */
  sinceQueuedMs: number;
}

export interface Run {
  token: string;
  phase: "waiting" | EventName;
  timeline: TimelineEntry[];
  submission: Submission | null;
  /** `submission` was polled and is final: the events that led to it are still to come. */
  aheadOfTimeline: boolean;
  /** The test being judged, while one is. */
  progress: { test: number; of: number } | null;
  error: string | null;
  /** The server's time of the first event, in milliseconds of the Unix epoch. */
  queuedAtMs: number | null;
  /** From the press of the button until the end was on the screen, in milliseconds, by this computer's clock. */
  roundTripMs: number | null;
}

export function startRun(token: string): Run {
  return {
    token,
    phase: "waiting",
    timeline: [],
    submission: null,
    aheadOfTimeline: false,
    progress: null,
    error: null,
    queuedAtMs: null,
    roundTripMs: null,
  };
}

export function isOver(run: Run): boolean {
  return run.phase === "finished" || run.phase === "cancelled";
}

const kPhaseWords: Record<Run["phase"], string> = {
  waiting: "Submitted",
  queued: "In queue",
  started: "Compiling or running",
  compiled: "Compiled, running",
  requeued: "Back in the queue",
  cancelled: "Cancelled",
  finished: "Finished",
};

/** The verdict's words, or, before there is one, how far the run has come. */
export function headlineOf(run: Run): string {
  return verdictOf(run) ?? kPhaseWords[run.phase];
}

export function verdictOf(run: Run): string | null {
  return run.submission && isFinal(run.submission) ? run.submission.status.description : null;
}

/** `elapsedMs` is the time since the button was pressed. */
export function advance(run: Run, message: ChannelMessage, elapsedMs: number): Run {
  const next = step(run, message);
  return isOver(next) && !isOver(run) ? { ...next, roundTripMs: elapsedMs } : next;
}

function step(run: Run, message: ChannelMessage): Run {
  switch (message.type) {
    case "event": {
      const at = Date.parse(message.at);
      const queuedAtMs = run.queuedAtMs ?? at;
      const timeline = [...run.timeline, { event: message.event, sinceQueuedMs: Math.max(0, at - queuedAtMs) }];
      if (run.aheadOfTimeline && !isEnd(message)) return { ...run, queuedAtMs, timeline, error: null };
      return {
        ...run,
        queuedAtMs,
        timeline,
        phase: message.event,
        aheadOfTimeline: false,
        submission: message.submission ?? run.submission,
        progress: null,
        error: null,
      };
    }
    case "progress":
      return isOver(run) ? run : { ...run, progress: { test: message.test, of: message.of } };
    case "subscribed":
      // When the log was continued the events tell everything, in their order; a snapshot would run ahead of them.
      return message.recovered ? { ...run, error: null } : takeSnapshot(run, message.submission);
    case "polled":
      return { ...takeSnapshot(run, message.submission), aheadOfTimeline: isFinal(message.submission) };
    case "error":
      return { ...run, error: message.error };
  }
}

function takeSnapshot(run: Run, submission: Submission | null | undefined): Run {
  if (!submission) return run;
  const phase = isFinal(submission) ? "finished" : submission.status.id === 2 ? "started" : "queued";
  return { ...run, submission, phase, error: null, progress: isFinal(submission) ? null : run.progress };
}
