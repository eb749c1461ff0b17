// One WebSocket to one gateway, shared by whoever on the page needs it. It knows no framework.
//
// What it promises to a listener of a channel:
//   1. events come in the order of `seq`, each once, with no hole, across any number of reconnects;
//   2. when the log cannot be continued (the epoch changed, the history is gone) the listener is told so by a
//      `subscribed` with `recovered: false`, and takes its snapshot instead;
//   3. while no WebSocket can be had, a submission's events come as Server-Sent Events, with the same promises; and
//      where those cannot be had either, its state still comes, as `polled`.
// It connects when the first user comes and closes shortly after the last one left.

import {
  isEnd,
  isFinal,
  kStreamEvents,
  parseServerMessage,
  type ChannelEvent,
  type ChannelMessage,
  type ClientMessage,
  type ErrorMessage,
  type Polled,
  type Position,
  type ServerMessage,
  type Submission,
  type Subscribed,
} from "./messages";

/**
 * connecting: the first attempt is under way. open: messages flow. reconnecting: the connection was lost and another
 * is sought. streaming: no WebSocket can be had just now; submissions' events come as Server-Sent Events while the search
 * goes on. polling: as streaming, but those cannot be had for one submission at least, whose state is polled. closed: the
 * server asked not to be called again; states are polled.
 */
export type SocketStatus = "connecting" | "open" | "reconnecting" | "streaming" | "polling" | "closed";

/** Immutable: each change makes a new one, so that it may be compared by identity. */
export interface SocketState {
  status: SocketStatus;
  /** The newest message of any kind; text that is not of our protocol comes as it is. */
  lastMessage: ServerMessage | string | null;
  /** Why the server closed for good, in its words; only with status "closed". */
  closeReason: string | null;
}

export interface SocketOptions {
  backoffBaseMs: number;
  backoffMaxMs: number;
  /** An attempt that is not open by then has failed. */
  connectTimeoutMs: number;
  /** A connection that lived this long was a good one: the next backoff starts from the beginning. */
  stableMs: number;
  /** How often a quiet connection is asked for a sign of life. */
  pingEveryMs: number;
  /** How long it may take to give one. */
  pongTimeoutMs: number;
  /** This many failures in a row, and what happens is asked for in other ways meanwhile. */
  fallBackAfterFailures: number;
  pollEveryMs: number;
  /** How long an unused connection is kept, so that leaving one view for another does not reconnect. */
  lingerMs: number;
}

const kDefaults: SocketOptions = {
  backoffBaseMs: 500,
  backoffMaxMs: 20_000,
  connectTimeoutMs: 5_000,
  stableMs: 5_000,
  pingEveryMs: 25_000,
  pongTimeoutMs: 5_000,
  fallBackAfterFailures: 2,
  pollEveryMs: 1_000,
  lingerMs: 500,
};

const kHistoryGone = 4010;

/** Full jitter: anything from nothing to the exponential bound, so that a restarted gateway is not stormed. */
export function backoffMs(failures: number, options: Pick<SocketOptions, "backoffBaseMs" | "backoffMaxMs">, random = Math.random): number {
  const bound = Math.min(options.backoffMaxMs, options.backoffBaseMs * 2 ** Math.max(0, failures - 1));
  return random() * bound;
}

/** The server's table of close codes keeps 44xx for "do not reconnect": a bad token, origin or limit stays bad. */
export function mayReconnect(closeCode: number): boolean {
  return closeCode < 4400 || closeCode > 4499;
}

type Listener = (message: ChannelMessage) => void;

interface Subscription {
  listener: Listener;
  /** The last event given to the listener; null before the first `subscribed`, and when history is to be skipped. */
  position: Position | null;
  /** The seq after which a hole was seen. A second hole at the same place means that the history itself has it. */
  holeAfter: number | null;
}

interface Channel {
  name: string;
  subscriptions: Set<Subscription>;
  /** A subscribe has to be sent. */
  stale: boolean;
  /** Subscribes sent on this connection: 0 when the server does not know of our interest. */
  sent: number;
  /** Those among them that are not answered yet. */
  awaiting: number;
  /** Polling has shown the final state, or that there is none to come. */
  settled: boolean;
  /** A poll is under way. */
  polling: boolean;
  /** Its events, while no WebSocket brings them. */
  stream: EventSource | null;
  /** Ends a stream that does not open. */
  streamTimer: ReturnType<typeof setTimeout> | undefined;
  /** No stream could be had since the WebSocket was lost. */
  streamFailed: boolean;
}

export class Socket {
  readonly #origin: string;
  readonly #options: SocketOptions;
  readonly #watchers = new Set<() => void>();
  readonly #channels = new Map<string, Channel>();
  #state: SocketState = { status: "connecting", lastMessage: null, closeReason: null };
  #running = false;
  #connection: WebSocket | null = null;
  #openedAt = 0;
  #failures = 0;
  #flushScheduled = false;
  #lingerTimer: ReturnType<typeof setTimeout> | undefined;
  #connectTimer: ReturnType<typeof setTimeout> | undefined;
  #pingTimer: ReturnType<typeof setInterval> | undefined;
  #pongTimer: ReturnType<typeof setTimeout> | undefined;
  /** Set while there is no WebSocket and other ways are taken. */
  #fallbackTimer: ReturnType<typeof setInterval> | undefined;

  /** `origin` is that of the gateway, such as http://127.0.0.1:2358. */
  constructor(origin: string, options: Partial<SocketOptions> = {}) {
    this.#origin = origin.replace(/\/$/, "");
    this.#options = { ...kDefaults, ...options };
  }

  readonly state = (): SocketState => this.#state;

  /** Calls `changed` after each change of state() and keeps the connection up until the returned function is called. */
  readonly watch = (changed: () => void): (() => void) => {
    const watcher = () => changed();
    this.#watchers.add(watcher);
    this.#start();
    return () => {
      this.#watchers.delete(watcher);
      this.#stopWhenUnused();
    };
  };

  /**
   * Gives `listener` what happens on `channel`, from just after `since` (seq 0: all that is kept; left out: from now)
   * until the returned function is called.
   */
  readonly subscribe = (channel: string, listener: Listener, since?: Position): (() => void) => {
    const subscription: Subscription = { listener, position: since ?? null, holeAfter: null };
    let entry = this.#channels.get(channel);
    if (!entry) {
      entry = newChannel(channel);
      this.#channels.set(channel, entry);
    }
    entry.subscriptions.add(subscription);
    // Also when others listen already: the newcomer needs its own replay or snapshot. The others drop what they know.
    entry.stale = true;
    entry.settled = false;
    this.#endStream(entry);
    this.#start();
    this.#scheduleFlush();
    return () => {
      entry.subscriptions.delete(subscription);
      this.#scheduleFlush();
      this.#stopWhenUnused();
    };
  };

  /** Returns false, having done nothing, when the socket is not open. */
  readonly send = (message: ClientMessage): boolean => {
    if (this.#state.status !== "open" || !this.#connection) return false;
    this.#connection.send(JSON.stringify(message));
    return true;
  };

  // --- life -------------------------------------------------------------------------------------------------------

  #start() {
    clearTimeout(this.#lingerTimer);
    if (this.#running) return;
    this.#running = true;
    window.addEventListener("online", this.#wake);
    window.addEventListener("offline", this.#wake);
    document.addEventListener("visibilitychange", this.#wake);
    this.#connect();
  }

  #stopWhenUnused() {
    if (this.#watchers.size > 0 || [...this.#channels.values()].some((channel) => channel.subscriptions.size > 0)) return;
    clearTimeout(this.#lingerTimer);
    this.#lingerTimer = setTimeout(() => this.#stop(), this.#options.lingerMs);
  }

  #stop() {
    this.#running = false;
    window.removeEventListener("online", this.#wake);
    window.removeEventListener("offline", this.#wake);
    document.removeEventListener("visibilitychange", this.#wake);
    clearTimeout(this.#connectTimer);
    this.#stopFallback();
    this.#abandon(1000);
    this.#failures = 0;
    this.#update({ status: "connecting", closeReason: null });
  }

  /** The network or the reader came back, or the network went: do not wait for a timer to find out what that means. */
  readonly #wake = () => {
    if (document.visibilityState === "hidden") return;
    if (this.#state.status === "open") {
      this.#probe();
    } else if (navigator.onLine && !this.#connection && this.#state.status !== "closed") {
      this.#failures = 0;
      this.#connect();
    }
  };

  // --- connection -------------------------------------------------------------------------------------------------

  #connect() {
    clearTimeout(this.#connectTimer);
    const connection = new WebSocket(this.#origin.replace(/^http/, "ws") + "/ws");
    this.#connection = connection;
    this.#openedAt = 0;
    this.#connectTimer = setTimeout(() => this.#lose(1006, ""), this.#options.connectTimeoutMs);
    connection.onopen = () => this.#opened();
    connection.onmessage = (message) => this.#received(message.data);
    connection.onclose = (close) => this.#lose(close.code, close.reason);
  }

  /** Lets go of the connection without waiting for the other side, which may be gone; its handlers are not called again. */
  #abandon(closeCode?: number) {
    clearInterval(this.#pingTimer);
    clearTimeout(this.#pongTimer);
    this.#pongTimer = undefined;
    const connection = this.#connection;
    this.#connection = null;
    if (!connection) return;
    connection.onopen = null;
    connection.onmessage = null;
    connection.onclose = null;
    connection.close(closeCode);
  }

  #opened() {
    clearTimeout(this.#connectTimer);
    this.#openedAt = Date.now();
    this.#stopFallback();
    this.#pingTimer = setInterval(() => this.#probe(), this.#options.pingEveryMs);
    this.#update({ status: "open", closeReason: null });
    for (const channel of this.#channels.values()) {
      channel.stale = true;
      channel.sent = 0;
      channel.awaiting = 0;
      channel.settled = false;
    }
    this.#flush();
  }

  #lose(closeCode: number, reason: string) {
    const wasStable = this.#openedAt > 0 && Date.now() - this.#openedAt >= this.#options.stableMs;
    clearTimeout(this.#connectTimer);
    this.#abandon();
    if (closeCode === kHistoryGone) this.#forgetPositions();
    if (!mayReconnect(closeCode)) {
      this.#update({ status: "closed", closeReason: reason || `close code ${closeCode}` });
      this.#startFallback();
      return;
    }
    this.#failures = wasStable ? 1 : this.#failures + 1;
    if (this.#failures >= this.#options.fallBackAfterFailures) this.#startFallback();
    this.#update({ status: this.#fallbackTimer === undefined ? "reconnecting" : this.#fallbackStatus() });
    this.#connectTimer = setTimeout(() => this.#connect(), backoffMs(this.#failures, this.#options));
  }

  /** Asks for a sign of life. A connection whose other end vanished would otherwise look open for many minutes. */
  #probe() {
    if (this.#pongTimer !== undefined || !this.send({ type: "ping" })) return;
    this.#pongTimer = setTimeout(() => this.#lose(1006, ""), this.#options.pongTimeoutMs);
  }

  #received(data: unknown) {
    clearTimeout(this.#pongTimer);
    this.#pongTimer = undefined;
    const message = parseServerMessage(data);
    if (!message) {
      if (typeof data === "string") this.#update({ lastMessage: data });
      return;
    }
    if (message.type !== "pong" && message.type !== "unsubscribed" && message.channel !== undefined) {
      const channel = this.#channels.get(message.channel);
      if (channel) this.#deliver(channel, message);
    }
    this.#update({ lastMessage: message });
  }

  #update(change: Partial<SocketState>) {
    this.#state = { ...this.#state, ...change };
    for (const watcher of [...this.#watchers]) watcher();
  }

  // --- channels ---------------------------------------------------------------------------------------------------

  /**
   * Subscribes and unsubscribes of one turn go out together, so that leaving a channel and coming back at once (as
   * React's StrictMode does) costs nothing on the wire.
   */
  #scheduleFlush() {
    if (this.#flushScheduled) return;
    this.#flushScheduled = true;
    queueMicrotask(() => {
      this.#flushScheduled = false;
      this.#flush();
    });
  }

  #flush() {
    for (const channel of [...this.#channels.values()]) {
      if (channel.subscriptions.size === 0) {
        if (channel.sent > 0) this.send({ type: "unsubscribe", channel: channel.name });
        this.#endStream(channel);
        this.#channels.delete(channel.name);
      } else if (channel.stale) {
        const since = lowestPosition(channel);
        const message: ClientMessage = { type: "subscribe", channel: channel.name, ...(since && { since }) };
        if (!this.send(message)) continue;
        channel.stale = false;
        channel.sent += 1;
        channel.awaiting += 1;
      }
    }
    if (this.#fallbackTimer !== undefined) this.#fallBack();
  }

  #deliver(channel: Channel, message: ChannelMessage) {
    // Several subscribes that were under way together get one answer.
    if (message.type === "subscribed" || message.type === "error") channel.awaiting = 0;
    for (const subscription of [...channel.subscriptions]) {
      if (message.type === "subscribed") {
        this.#answered(subscription, message);
      } else if (message.type === "event") {
        this.#happened(channel, subscription, message);
      } else {
        subscription.listener(message);
      }
    }
  }

  #answered(subscription: Subscription, message: Subscribed) {
    const { epoch, seq } = message;
    const continues =
      message.recovered && subscription.position !== null && subscription.position.epoch === epoch && subscription.position.seq <= seq;
    if (!continues) {
      subscription.position = { epoch, seq };
      subscription.holeAfter = null;
    }
    // Another listener's history may have been recovered while this one has to take the snapshot.
    subscription.listener({ ...message, recovered: continues });
  }

  #happened(channel: Channel, subscription: Subscription, event: ChannelEvent) {
    const position = subscription.position;
    if (!position || event.seq <= position.seq) return;
    if (event.seq === position.seq + 1) {
      subscription.position = { epoch: position.epoch, seq: event.seq };
      subscription.listener(event);
      return;
    }
    // A hole. The answer to a subscribe that is under way will fill it; otherwise ask. A hole that is there again after
    // asking is in the history itself, so the history is given up for the snapshot: asking on would never end.
    if (!channel.stream && (channel.awaiting > 0 || channel.stale)) return;
    if (subscription.holeAfter === position.seq) subscription.position = null;
    else subscription.holeAfter = position.seq;
    channel.stale = true;
    this.#endStream(channel);
    this.#scheduleFlush();
  }

  #forgetPositions() {
    for (const channel of this.#channels.values()) {
      for (const subscription of channel.subscriptions) subscription.position = null;
    }
  }

  // --- without a WebSocket ----------------------------------------------------------------------------------------

  #startFallback() {
    if (this.#fallbackTimer !== undefined) return;
    this.#fallbackTimer = setInterval(() => this.#fallBack(), this.#options.pollEveryMs);
    this.#fallBack();
  }

  #stopFallback() {
    clearInterval(this.#fallbackTimer);
    this.#fallbackTimer = undefined;
    for (const channel of this.#channels.values()) {
      this.#endStream(channel);
      channel.streamFailed = false;
    }
  }

  #fallbackStatus(): SocketStatus {
    const isPolled = [...this.#channels.values()].some((channel) => channel.streamFailed);
    return isPolled || typeof EventSource === "undefined" ? "polling" : "streaming";
  }

  #fallBack() {
    for (const channel of this.#channels.values()) {
      const isWanted = channel.name.startsWith("submission:") && channel.subscriptions.size > 0;
      if (!isWanted || channel.settled || channel.stream) continue;
      if (typeof EventSource !== "undefined" && !channel.streamFailed) this.#stream(channel);
      else if (!channel.polling) void this.#poll(channel);
    }
  }

  /** The browser comes back by itself after a stream that broke, and says where it was. */
  #stream(channel: Channel) {
    const wantsSnapshot = [...channel.subscriptions].some(({ position }) => position === null);
    const since = wantsSnapshot ? null : lowestPosition(channel);
    const query = since ? `?last_event_id=${encodeURIComponent(`${since.epoch}:${since.seq}`)}` : "";
    const stream = new EventSource(`${this.#origin}/submissions/${encodeURIComponent(tokenOf(channel))}/events${query}`);
    let wasOpen = false;
    const fail = () => {
      this.#endStream(channel);
      channel.streamFailed = true;
      if (this.#state.status === "streaming") this.#update({ status: "polling" });
      this.#fallBack();
    };
    channel.stream = stream;
    channel.streamTimer = setTimeout(fail, this.#options.connectTimeoutMs);
    stream.onopen = () => {
      wasOpen = true;
      clearTimeout(channel.streamTimer);
    };
    stream.onerror = () => {
      if (!wasOpen || stream.readyState === stream.CLOSED) fail();
    };
    for (const name of kStreamEvents) stream.addEventListener(name, (event) => this.#streamed(channel, event.data));
  }

  #streamed(channel: Channel, data: unknown) {
    const message = parseServerMessage(data);
    if (message?.type !== "subscribed" && message?.type !== "event") return;
    // A snapshot comes only where no history follows it.
    this.#deliver(channel, message.type === "subscribed" ? { ...message, recovered: false } : message);
    if (channel.stream && isEnd(message)) {
      channel.settled = true;
      this.#endStream(channel);
    }
    this.#update({ lastMessage: message });
  }

  #endStream(channel: Channel) {
    clearTimeout(channel.streamTimer);
    channel.stream?.close();
    channel.stream = null;
  }

  async #poll(channel: Channel) {
    let message: ErrorMessage | Polled;
    channel.polling = true;
    try {
      // Base64, because a plain GET is refused when a program wrote something that is no valid UTF-8.
      const response = await fetch(`${this.#origin}/submissions/${encodeURIComponent(tokenOf(channel))}?base64_encoded=true`);
      if (response.ok) {
        const submission = { ...((await response.json()) as Submission), base64_encoded: true };
        message = { type: "polled", channel: channel.name, submission };
      } else if (response.status >= 500 || response.status === 429) {
        return; // a passing trouble of the server: the next turn asks again
      } else {
        message = { type: "error", channel: channel.name, error: `the submission cannot be read (HTTP ${response.status})` };
      }
    } catch {
      return; // the network is away, which the status says already: the next turn asks again
    } finally {
      channel.polling = false;
    }
    // The socket may have come back meanwhile; what it brings is newer than this answer.
    if (this.#fallbackTimer === undefined) return;
    channel.settled = message.type === "error" || isFinal(message.submission);
    this.#deliver(channel, message);
  }
}

function newChannel(name: string): Channel {
  return {
    name,
    subscriptions: new Set(),
    stale: true,
    sent: 0,
    awaiting: 0,
    settled: false,
    polling: false,
    stream: null,
    streamTimer: undefined,
    streamFailed: false,
  };
}

function tokenOf(channel: Channel): string {
  return channel.name.slice("submission:".length);
}

/**
 * Where a replay has to begin so that it serves every listener. A listener that wants history only from now on does
 * not hold the others back.
 */
function lowestPosition(channel: Channel): Position | null {
  let lowest: Position | null = null;
  for (const { position } of channel.subscriptions) {
    if (position && (!lowest || position.seq < lowest.seq)) lowest = position;
  }
  return lowest;
}

const shared = new Map<string, Socket>();

/** The one socket of the page to this origin. It is idle while nobody uses it. */
export function sharedSocket(origin: string): Socket {
  let socket = shared.get(origin);
  if (!socket) {
    socket = new Socket(origin);
    shared.set(origin, socket);
  }
  return socket;
}
