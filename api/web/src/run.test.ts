import { describe, expect, it } from "vitest";
import type { ChannelEvent, EventName } from "./messages";
import { advance, startRun, type Run } from "./run";
import { submissionAt } from "./test_gateway";

const event = (seq: number, name: EventName, atMs: number): ChannelEvent => ({
  type: "event",
  channel: "submission:t1",
  seq,
  event: name,
  at: new Date(Date.UTC(2026, 0, 1) + atMs).toISOString(),
  submission: submissionAt(name),
});

const after = (run: Run, ...events: ChannelEvent[]) => events.reduce((state, message) => advance(state, message, 250), run);

describe("run", () => {
  it("draws the timeline relative to the moment of queueing", () => {
    const run = after(startRun("t1"), event(1, "queued", 0), event(2, "started", 5), event(3, "compiled", 400), event(4, "finished", 420));
    expect(run.timeline).toEqual([
      { event: "queued", sinceQueuedMs: 0 },
      { event: "started", sinceQueuedMs: 5 },
      { event: "compiled", sinceQueuedMs: 400 },
      { event: "finished", sinceQueuedMs: 420 },
    ]);
    expect(run).toMatchObject({ phase: "finished", roundTripMs: 250, submission: { status: { id: 3 } } });
  });

  it("lets the events tell the story when the log was continued, and does not run ahead with the snapshot", () => {
    const run = advance(
      startRun("t1"),
      { type: "subscribed", channel: "submission:t1", epoch: "e", seq: 3, recovered: true, submission: submissionAt("finished") },
      100,
    );
    expect(run).toMatchObject({ phase: "waiting", submission: null });
  });

  it("takes the snapshot when the log was not continued", () => {
    const run = advance(
      startRun("t1"),
      { type: "subscribed", channel: "submission:t1", epoch: "e", seq: 3, recovered: false, submission: submissionAt("finished") },
      100,
    );
    expect(run).toMatchObject({ phase: "finished", roundTripMs: 100, submission: { stdout: "Hello\n" } });
  });

  it("takes a polled state, and afterwards still the events with their timeline", () => {
    let run = advance(startRun("t1"), { type: "polled", channel: "submission:t1", submission: submissionAt("finished") }, 100);
    expect(run.phase).toBe("finished");
    run = after(run, event(1, "queued", 0), event(2, "finished", 9));
    expect(run.timeline.map((entry) => entry.event)).toEqual(["queued", "finished"]);
    expect(run.phase).toBe("finished");
  });

  it("keeps showing the verdict while a replay catches up with a state that was polled", () => {
    let run = advance(startRun("t1"), { type: "polled", channel: "submission:t1", submission: submissionAt("finished") }, 100);
    run = after(run, event(1, "queued", 0));
    expect(run).toMatchObject({ phase: "finished", submission: { status: { id: 3 } } });
  });

  it("goes back to work when the submission is requeued after its end", () => {
    const run = after(startRun("t1"), event(1, "queued", 0), event(2, "finished", 9), event(3, "requeued", 20));
    expect(run).toMatchObject({ phase: "requeued", submission: { status: { id: 1 } } });
  });

  it("shows progress only while a test is being judged", () => {
    const progress = { type: "progress", channel: "submission:t1", test: 7, of: 20 } as const;
    let run = advance(after(startRun("t1"), event(1, "queued", 0)), progress, 1);
    expect(run.progress).toEqual({ test: 7, of: 20 });
    run = after(run, event(2, "finished", 9));
    expect(run.progress).toBeNull();
    expect(advance(run, progress, 1).progress).toBeNull();
  });
});
