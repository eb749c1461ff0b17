import EventSource from "eventsource";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { ChannelMessage, Position } from "./messages";
import { backoffMs, mayReconnect, Socket, type SocketOptions } from "./socket";
import { TestGateway } from "./test_gateway";

const kChannel = "submission:t1";
const kStart: Position = { epoch: "epoch-1", seq: 0 };
const kFast: Partial<SocketOptions> = { backoffBaseMs: 10, backoffMaxMs: 40, pollEveryMs: 20, lingerMs: 10 };

const until = (condition: () => void) => vi.waitFor(condition, { timeout: 5_000, interval: 5 });

let gateway: TestGateway;
let sockets: Socket[];
let leave: (() => void)[];

beforeEach(async () => {
  gateway = new TestGateway();
  await gateway.start();
  sockets = [];
  leave = [];
});

afterEach(async () => {
  for (const go of leave) go();
  await until(() => expect(sockets.map((socket) => socket.state().status)).toEqual(sockets.map(() => "connecting")));
  await gateway.stop();
});

function newSocket(options: Partial<SocketOptions> = {}): Socket {
  const socket = new Socket(gateway.origin, { ...kFast, ...options });
  sockets.push(socket);
  leave.push(socket.watch(() => {}));
  return socket;
}

function follow(socket: Socket, since?: Position, channel = kChannel) {
  const messages: ChannelMessage[] = [];
  const stop = socket.subscribe(channel, (message) => messages.push(message), since);
  leave.push(stop);
  return {
    messages,
    stop,
    seqs: () => messages.flatMap((message) => (message.type === "event" ? [message.seq] : [])),
    kinds: () => messages.map((message) => message.type),
  };
}

/** Follows a channel in which one thing has happened, and knows of it. */
async function followOne(socket: Socket) {
  gateway.happen(kChannel, "queued");
  const follower = follow(socket, kStart);
  await until(() => expect(follower.seqs()).toEqual([1]));
  return follower;
}

/** The history itself has a hole: the follower is given the snapshot behind it, and what comes after that. */
async function loseTheSecondForGood(follower: ReturnType<typeof follow>) {
  gateway.lost.add(2);
  gateway.happen(kChannel, "started");
  gateway.happen(kChannel, "compiled");
  await until(() => expect(follower.messages.at(-1)).toMatchObject({ type: "subscribed", seq: 3, recovered: false }));
  gateway.happen(kChannel, "finished");
  await until(() => expect(follower.seqs()).toEqual([1, 4]));
}

const isOpen = (socket: Socket) => until(() => expect(socket.state().status).toBe("open"));

describe("socket: following a channel", () => {
  it("gives all that happened since the beginning, then what happens live", async () => {
    gateway.happen(kChannel, "queued");
    gateway.happen(kChannel, "started");
    const follower = follow(newSocket(), kStart);
    await until(() => expect(follower.seqs()).toEqual([1, 2]));
    gateway.happen(kChannel, "finished");
    await until(() => expect(follower.seqs()).toEqual([1, 2, 3]));
  });

  it("gives the snapshot and what comes after it when no position is named", async () => {
    gateway.happen(kChannel, "queued");
    const follower = follow(newSocket());
    await until(() => expect(follower.messages).toMatchObject([{ type: "subscribed", seq: 1, recovered: false }]));
    gateway.happen(kChannel, "started");
    await until(() => expect(follower.seqs()).toEqual([2]));
  });

  it("drops an event that it has given already", async () => {
    const event = gateway.happen(kChannel, "queued");
    const follower = follow(newSocket(), kStart);
    await until(() => expect(follower.seqs()).toEqual([1]));
    gateway.push(event);
    gateway.happen(kChannel, "started");
    await until(() => expect(follower.seqs()).toEqual([1, 2]));
  });

  it("passes on progress and errors of the channel, which have no seq", async () => {
    const follower = follow(newSocket(), kStart);
    await until(() => expect(follower.kinds()).toEqual(["subscribed"]));
    gateway.push({ type: "progress", channel: kChannel, test: 7, of: 20 });
    gateway.push({ type: "error", channel: kChannel, error: "no such submission" });
    gateway.push({ type: "progress", channel: "submission:other", test: 1, of: 2 });
    gateway.happen(kChannel, "queued");
    await until(() => expect(follower.kinds()).toEqual(["subscribed", "progress", "error", "event"]));
  });

  it("serves a second follower of the channel its own history without repeating it to the first", async () => {
    gateway.happen(kChannel, "queued");
    gateway.happen(kChannel, "started");
    const socket = newSocket();
    const first = follow(socket, kStart);
    await until(() => expect(first.seqs()).toEqual([1, 2]));
    const second = follow(socket, kStart);
    await until(() => expect(second.seqs()).toEqual([1, 2]));
    gateway.happen(kChannel, "finished");
    await until(() => expect(second.seqs()).toEqual([1, 2, 3]));
    expect(first.seqs()).toEqual([1, 2, 3]);
    expect(gateway.connections).toBe(1);
  });

  it("gives the snapshot to a follower from another epoch, though the history of others was recovered", async () => {
    gateway.happen(kChannel, "queued");
    gateway.happen(kChannel, "started");
    const socket = newSocket();
    const current = follow(socket, kStart);
    const outdated = follow(socket, { epoch: "epoch-0", seq: 1 });
    await until(() => expect(current.seqs()).toEqual([1, 2]));
    expect(outdated.messages).toMatchObject([{ type: "subscribed", epoch: "epoch-1", seq: 2, recovered: false }]);
  });

  it("says nothing on the wire when a follower leaves and comes back at once", async () => {
    const socket = newSocket();
    await isOpen(socket);
    follow(socket, kStart).stop();
    const follower = follow(socket, kStart);
    await until(() => expect(follower.kinds()).toEqual(["subscribed"]));
    expect(gateway.received).toEqual([{ type: "subscribe", channel: kChannel, since: kStart }]);
  });

  it("unsubscribes when the last follower leaves", async () => {
    const socket = newSocket();
    const follower = follow(socket, kStart);
    await until(() => expect(follower.kinds()).toEqual(["subscribed"]));
    follower.stop();
    await until(() => expect(socket.state().lastMessage).toEqual({ type: "unsubscribed", channel: kChannel }));
    expect(gateway.received.at(-1)).toEqual({ type: "unsubscribe", channel: kChannel });
  });
});

describe("socket: coming back", () => {
  it("resubscribes after a cut from where it was, and misses and repeats nothing", async () => {
    const socket = newSocket();
    const follower = await followOne(socket);
    gateway.refuseWebSocket = true;
    gateway.cut();
    await until(() => expect(socket.state().status).not.toBe("open"));
    gateway.happen(kChannel, "started");
    gateway.happen(kChannel, "finished");
    gateway.refuseWebSocket = false;
    await until(() => expect(follower.seqs()).toEqual([1, 2, 3]));
    expect(gateway.subscribesTo(kChannel).at(-1)).toEqual({
      type: "subscribe",
      channel: kChannel,
      since: { epoch: "epoch-1", seq: 1 },
    });
  });

  it("survives a gateway that is away for a while", async () => {
    const socket = newSocket();
    const follower = await followOne(socket);
    await gateway.stop();
    await until(() => expect(socket.state().status).toBe("polling"));
    gateway.happen(kChannel, "finished");
    await gateway.start();
    await until(() => expect(follower.seqs()).toEqual([1, 2]));
    expect(socket.state().status).toBe("open");
  });

  it("asks again when it sees a hole, and fills it", async () => {
    const follower = await followOne(newSocket());
    gateway.lost.add(2);
    gateway.happen(kChannel, "started");
    gateway.lost.clear();
    gateway.happen(kChannel, "compiled");
    await until(() => expect(follower.seqs()).toEqual([1, 2, 3]));
    expect(gateway.subscribesTo(kChannel)).toHaveLength(2);
  });

  it("takes the snapshot when the hole is in the history itself, instead of asking for ever", async () => {
    const follower = await followOne(newSocket());
    await loseTheSecondForGood(follower);
    expect(gateway.subscribesTo(kChannel)).toHaveLength(3);
  });

  it("takes the snapshot of a new epoch and goes on from there, though its seqs are lower", async () => {
    for (const event of ["queued", "started", "compiled"] as const) gateway.happen(kChannel, event);
    const socket = newSocket();
    const follower = follow(socket, kStart);
    await until(() => expect(follower.seqs()).toEqual([1, 2, 3]));
    gateway.refuseWebSocket = true;
    gateway.cut();
    await until(() => expect(socket.state().status).not.toBe("open"));
    gateway.restore("epoch-2", kChannel, ["queued"]);
    gateway.refuseWebSocket = false;
    await until(() =>
      expect(follower.messages.at(-1)).toMatchObject({ type: "subscribed", epoch: "epoch-2", seq: 1, recovered: false }),
    );
    gateway.happen(kChannel, "started");
    await until(() => expect(follower.seqs()).toEqual([1, 2, 3, 2]));
  });

  it("reconnects without a position when the server says that the history is gone", async () => {
    const follower = await followOne(newSocket());
    gateway.cut(4010);
    await until(() => expect(gateway.subscribesTo(kChannel)).toHaveLength(2));
    expect(gateway.subscribesTo(kChannel).at(-1)).toEqual({ type: "subscribe", channel: kChannel });
    await until(() => expect(follower.messages.at(-1)).toMatchObject({ type: "subscribed", recovered: false }));
  });

  it.each([1001, 4001, 4008])("comes back after close code %i", async (code) => {
    const socket = newSocket();
    await isOpen(socket);
    gateway.cut(code);
    await until(() => expect(gateway.connections).toBe(2));
    await isOpen(socket);
  });

  it("stays away after a 44xx, says why, and polls", async () => {
    gateway.happen(kChannel, "finished");
    gateway.answerSubscribes = false;
    const socket = newSocket();
    const follower = follow(socket, kStart);
    await until(() => expect(gateway.subscribesTo(kChannel)).toHaveLength(1));
    gateway.cut(4429, "too many connections");
    await until(() => expect(socket.state()).toMatchObject({ status: "closed", closeReason: "too many connections" }));
    window.dispatchEvent(new Event("online"));
    await until(() => expect(follower.kinds()).toEqual(["polled"]));
    expect(gateway.connections).toBe(1);
  });

  it("drops a connection that gives no sign of life", async () => {
    gateway.answerPings = false;
    const socket = newSocket({ pingEveryMs: 20, pongTimeoutMs: 20 });
    await until(() => expect(gateway.connections).toBeGreaterThan(1));
    gateway.answerPings = true;
    await isOpen(socket);
  });

  it("does not wait for its timer when the network or the reader comes back", async () => {
    const socket = newSocket({ backoffBaseMs: 600_000, backoffMaxMs: 600_000 });
    await isOpen(socket);
    gateway.cut();
    await until(() => expect(socket.state().status).toBe("reconnecting"));
    window.dispatchEvent(new Event("online"));
    await until(() => expect(gateway.connections).toBe(2));
    gateway.cut();
    await until(() => expect(socket.state().status).toBe("reconnecting"));
    document.dispatchEvent(new Event("visibilitychange"));
    await until(() => expect(gateway.connections).toBe(3));
  });

  it("asks an open connection for a sign of life when the network comes back", async () => {
    await isOpen(newSocket());
    window.dispatchEvent(new Event("online"));
    await until(() => expect(gateway.received).toEqual([{ type: "ping" }]));
  });
});

describe("socket: without WebSocket", () => {
  it("polls until the state is final, then no more", async () => {
    gateway.refuseWebSocket = true;
    gateway.happen(kChannel, "queued");
    const socket = newSocket();
    const follower = follow(socket, kStart);
    await until(() => expect(follower.messages.at(-1)).toMatchObject({ type: "polled", submission: { status: { id: 1 } } }));
    expect(socket.state().status).toBe("polling");
    gateway.happen(kChannel, "finished");
    await until(() =>
      expect(follower.messages.at(-1)).toMatchObject({ type: "polled", submission: { status: { id: 3 }, base64_encoded: true } }),
    );
    // Another channel's polls are the clock that shows that this one's have ended.
    const polls = gateway.requests.filter((path) => path.startsWith("/submissions/t1")).length;
    gateway.happen("submission:t2", "queued");
    follow(socket, kStart, "submission:t2");
    await until(() => expect(gateway.requests.filter((path) => path.startsWith("/submissions/t2")).length).toBeGreaterThan(2));
    expect(gateway.requests.filter((path) => path.startsWith("/submissions/t1")).length).toBe(polls);
  });

  it("ends polling when the WebSocket comes, and then gives the whole history", async () => {
    gateway.refuseWebSocket = true;
    gateway.happen(kChannel, "queued");
    const socket = newSocket();
    const follower = follow(socket, kStart);
    await until(() => expect(follower.kinds()).toContain("polled"));
    gateway.refuseWebSocket = false;
    await isOpen(socket);
    const polls = gateway.requests.length;

    // A socket that still polls, at the same pace, is the clock that shows that this one does no more.
    gateway.refuseWebSocket = true;
    gateway.happen("submission:t2", "queued");
    follow(newSocket(), kStart, "submission:t2");
    await until(() => expect(gateway.requests.filter((path) => path.startsWith("/submissions/t2")).length).toBeGreaterThan(2));
    expect(gateway.requests.filter((path) => path.startsWith("/submissions/t1"))).toHaveLength(polls);

    gateway.happen(kChannel, "finished");
    await until(() => expect(follower.seqs()).toEqual([1, 2]));
  });

  it("tells the follower of a submission that is not there", async () => {
    gateway.refuseWebSocket = true;
    const follower = follow(newSocket(), kStart);
    await until(() => expect(follower.messages).toMatchObject([{ type: "error", error: expect.stringContaining("404") }]));
  });
});

describe("socket: without WebSocket, by Server-Sent Events", () => {
  const polls = () => gateway.requests.filter((path) => path.startsWith("/submissions/") && !path.includes("/events"));
  const streams = () => gateway.requests.filter((path) => path.includes("/events"));

  // jsdom has none; this one is a real client of the same standard.
  beforeEach(() => {
    vi.stubGlobal("EventSource", EventSource);
    gateway.refuseWebSocket = true;
  });
  afterEach(() => {
    vi.unstubAllGlobals();
  });

  it("gives the whole history and what happens live, and asks for nothing after the end", async () => {
    const socket = newSocket();
    const follower = await followOne(socket);
    expect(socket.state().status).toBe("streaming");
    gateway.happen(kChannel, "started");
    gateway.happen(kChannel, "finished");
    await until(() => expect(follower.seqs()).toEqual([1, 2, 3]));
    // Another channel's stream is the clock that shows that this one's is over.
    gateway.happen("submission:t2", "queued");
    const other = follow(socket, kStart, "submission:t2");
    await until(() => expect(other.seqs()).toEqual([1]));
    gateway.cutStreams();
    await until(() => expect(streams().filter((path) => path.includes("t2"))).toHaveLength(2));
    expect(streams().filter((path) => path.includes("t1"))).toEqual(["/submissions/t1/events?last_event_id=epoch-1%3A0"]);
    expect(polls()).toEqual([]);
  });

  it("gives the snapshot where no position is named, and where the epoch is another", async () => {
    gateway.happen(kChannel, "queued");
    const socket = newSocket();
    const newcomer = follow(socket);
    await until(() => expect(newcomer.messages).toMatchObject([{ type: "subscribed", seq: 1, recovered: false }]));
    gateway.restore("epoch-2", kChannel, ["queued", "started"]);
    gateway.cutStreams();
    await until(() => expect(newcomer.messages.at(-1)).toMatchObject({ type: "subscribed", epoch: "epoch-2", seq: 2 }));
    gateway.happen(kChannel, "finished");
    await until(() => expect(newcomer.messages.at(-1)).toMatchObject({ type: "event", seq: 3 }));
  });

  it("goes on where it was after a stream that broke, without a hole and without a repeat", async () => {
    const follower = await followOne(newSocket());
    gateway.cutStreams();
    gateway.happen(kChannel, "started");
    gateway.happen(kChannel, "finished");
    await until(() => expect(follower.seqs()).toEqual([1, 2, 3]));
    expect(polls()).toEqual([]);
  });

  it("asks again when it sees a hole, and takes the snapshot when the hole stays", async () => {
    const follower = await followOne(newSocket());
    await loseTheSecondForGood(follower);
  });

  it("serves a second follower of the channel, whose history the first has had", async () => {
    const socket = newSocket();
    const first = await followOne(socket);
    const second = follow(socket, kStart);
    await until(() => expect(second.seqs()).toEqual([1]));
    gateway.happen(kChannel, "started");
    await until(() => expect([first.seqs(), second.seqs()]).toEqual([[1, 2], [1, 2]]));
  });

  it("hands over to the WebSocket when that comes, from where it was", async () => {
    const socket = newSocket();
    const follower = await followOne(socket);
    gateway.refuseWebSocket = false;
    await isOpen(socket);
    await until(() => expect(gateway.openStreams).toBe(0));
    gateway.happen(kChannel, "finished");
    await until(() => expect(follower.seqs()).toEqual([1, 2]));
    expect(gateway.subscribesTo(kChannel).at(-1)).toMatchObject({ since: { epoch: "epoch-1", seq: 1 } });
  });

  it("ends the stream when nobody listens any more", async () => {
    gateway.happen(kChannel, "queued");
    const follower = follow(newSocket(), kStart);
    await until(() => expect(gateway.openStreams).toBe(1));
    follower.stop();
    await until(() => expect(gateway.openStreams).toBe(0));
  });

  it("polls where streams are refused, or nothing comes of them", async () => {
    gateway.happen(kChannel, "queued");
    for (const trouble of ["refuseStreams", "holdStreams"] as const) {
      gateway[trouble] = true;
      const socket = newSocket({ connectTimeoutMs: 100 });
      const follower = follow(socket, kStart);
      await until(() => expect(follower.messages.at(-1)).toMatchObject({ type: "polled", submission: { status: { id: 1 } } }));
      expect(socket.state().status).toBe("polling");
      gateway[trouble] = false;
    }
  });
});

describe("socket: its users", () => {
  it("connects for the first and hangs up after the last", async () => {
    const socket = new Socket(gateway.origin, kFast);
    sockets.push(socket);
    expect(gateway.connections).toBe(0);
    const first = socket.watch(() => {});
    const second = socket.watch(() => {});
    await isOpen(socket);
    first();
    gateway.push({ type: "pong" });
    await until(() => expect(socket.state().lastMessage).toEqual({ type: "pong" }));
    second();
    await until(() => expect(gateway.openConnections).toBe(0));
    expect(socket.state().status).toBe("connecting");
    leave.push(socket.watch(() => {}));
    await isOpen(socket);
    expect(gateway.connections).toBe(2);
  });

  it("sends only when open, and says whether it did", async () => {
    const socket = newSocket();
    expect(socket.send({ type: "ping" })).toBe(false);
    await isOpen(socket);
    expect(socket.send({ type: "ping" })).toBe(true);
    await until(() => expect(socket.state().lastMessage).toEqual({ type: "pong" }));
  });

  it("shows text that is not of the protocol as it came", async () => {
    const socket = newSocket();
    await isOpen(socket);
    gateway.push("Hello! Message From Server!!");
    await until(() => expect(socket.state().lastMessage).toBe("Hello! Message From Server!!"));
  });
});

describe("socket: the rules of coming back", () => {
  it("spreads attempts over the whole of an interval that doubles up to a maximum", () => {
    const options = { backoffBaseMs: 500, backoffMaxMs: 20_000 };
    const longest = (failures: number) => backoffMs(failures, options, () => 1);
    expect([1, 2, 3, 6, 7, 1000].map(longest)).toEqual([500, 1000, 2000, 16_000, 20_000, 20_000]);
    expect(backoffMs(5, options, () => 0)).toBe(0);
  });

  it("knows which close codes are final", () => {
    expect([1000, 1001, 1006, 4001, 4008, 4010].every(mayReconnect)).toBe(true);
    expect([4400, 4401, 4403, 4429, 4499].some(mayReconnect)).toBe(false);
  });
});
