// The words of the WebSocket protocol as the page uses them (proto/README.md describes the whole). Types and parsing only.

/** A place in a channel's log. Two positions compare only within one epoch. */
export interface Position {
  epoch: string;
  seq: number;
}

/** What GET /submissions/{token} gives. A gateway may send more keys than these. */
export interface Submission {
  token: string;
  status: { id: number; description: string };
  verdict?: string | null;
  stdout: string | null;
  stderr: string | null;
  compile_output: string | null;
  message: string | null;
  /** Seconds, as a decimal string. */
  time: string | null;
  /** KiB. */
  memory: number | null;
  /** True when the four texts above are base64, because one of them is no valid UTF-8. */
  base64_encoded?: boolean;
}

export type EventName = "queued" | "started" | "compiled" | "finished" | "cancelled" | "requeued";

/** The names of Server-Sent Events. The data of the first is a Subscribed, that of the others a ChannelEvent. */
export const kStreamEvents = ["snapshot", "queued", "started", "compiled", "finished", "cancelled", "requeued"] as const;

/**
 * The answer to a subscribe. When `recovered`, the missed events follow, up to and including `seq`; otherwise
 * `submission` stands for all that happened up to `seq`.
 */
export interface Subscribed {
  type: "subscribed";
  channel: string;
  epoch: string;
  seq: number;
  recovered: boolean;
  submission?: Submission | null;
}

/** Something durable that happened. `at` is the server's clock. */
export interface ChannelEvent {
  type: "event";
  channel: string;
  seq: number;
  event: EventName;
  at: string;
  submission?: Submission | null;
}

/** A passing remark: it has no seq and may be lost. */
export interface Progress {
  type: "progress";
  channel: string;
  test: number;
  of: number;
}

export interface ErrorMessage {
  type: "error";
  error: string;
  channel?: string;
}

export interface Unsubscribed {
  type: "unsubscribed";
  channel: string;
}

export interface Pong {
  type: "pong";
}

/** Made here, not by the server: the state as a polling GET saw it. */
export interface Polled {
  type: "polled";
  channel: string;
  submission: Submission;
}

export type ServerMessage = Subscribed | Unsubscribed | ChannelEvent | Progress | ErrorMessage | Pong;

export type ClientMessage =
  | { type: "subscribe"; channel: string; since?: Position }
  | { type: "unsubscribe"; channel: string }
  | { type: "ping" };

/** What a listener of one channel is given. */
export type ChannelMessage = Subscribed | ChannelEvent | Progress | ErrorMessage | Polled;

/** Status ids 1 and 2 are In Queue and Processing; every other one is final. */
export function isFinal(submission: Submission): boolean {
  return submission.status.id > 2;
}

/** Nothing follows on the channel of such a message. */
export function isEnd(message: Subscribed | ChannelEvent): boolean {
  if (message.type === "event") return message.event === "finished" || message.event === "cancelled";
  return message.submission != null && isFinal(message.submission);
}

/** Returns null for what is not a message of this protocol: other rooms of the same socket may carry anything. */
export function parseServerMessage(data: unknown): ServerMessage | null {
  if (typeof data !== "string") return null;
  let value: unknown;
  try {
    value = JSON.parse(data);
  } catch {
    return null;
  }
  if (typeof value !== "object" || value === null) return null;
  const message = value as Record<string, unknown>;
  const has = (fields: Record<string, string>) =>
    Object.entries(fields).every(([name, type]) => typeof message[name] === type);

  switch (message.type) {
    case "subscribed":
      return has({ channel: "string", epoch: "string", seq: "number", recovered: "boolean" }) ? (value as Subscribed) : null;
    case "unsubscribed":
      return has({ channel: "string" }) ? (value as Unsubscribed) : null;
    case "event":
      return has({ channel: "string", seq: "number", event: "string", at: "string" }) ? (value as ChannelEvent) : null;
    case "progress":
      return has({ channel: "string", test: "number", of: "number" }) ? (value as Progress) : null;
    case "error":
      return has({ error: "string" }) ? (value as ErrorMessage) : null;
    case "pong":
      return { type: "pong" };
    default:
      return null;
  }
}
