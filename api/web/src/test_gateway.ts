// A gateway in miniature for the tests: real HTTP and real WebSocket on one port, an event log for each channel, and
// handles to make it misbehave the ways a real one does when it is killed, restarted or restored from a backup.

import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { WebSocketServer, type WebSocket } from "ws";
import type { ChannelEvent, ClientMessage, EventName, Submission } from "./messages";

export function submissionAt(event: EventName, token = "t1"): Submission {
  const status =
    event === "finished"
      ? { id: 3, description: "Accepted" }
      : event === "started" || event === "compiled"
        ? { id: 2, description: "Processing" }
        : { id: 1, description: "In Queue" };
  return {
    token,
    status,
    stdout: event === "finished" ? "Hello\n" : null,
    stderr: null,
    compile_output: null,
    message: null,
    time: event === "finished" ? "0.004" : null,
    memory: event === "finished" ? 1200 : null,
  };
}

export class TestGateway {
  epoch = "epoch-1";
  /** Everything the clients sent, in the order of arrival. */
  readonly received: ClientMessage[] = [];
  /** Paths of all HTTP requests. */
  readonly requests: string[] = [];
  connections = 0;
  /** Refuse the upgrade, as a proxy does that knows no WebSocket. */
  refuseWebSocket = false;
  /** Refuse Server-Sent Events, as a proxy does that wants to see the end of each answer. */
  refuseStreams = false;
  /** Take requests for Server-Sent Events, and say nothing to them. */
  holdStreams = false;
  answerPings = true;
  /** Answer subscribes; off, the test answers by push(). */
  answerSubscribes = true;
  /** Events with these seqs are lost on their way, live and in replay. */
  readonly lost = new Set<number>();

  readonly #log = new Map<string, ChannelEvent[]>();
  readonly #subscribers = new Map<string, Set<WebSocket>>();
  readonly #streams = new Map<string, Set<ServerResponse>>();
  readonly #http: Server;
  readonly #sockets = new WebSocketServer({ noServer: true });
  #port = 0;

  constructor() {
    this.#http = createServer((request, response) => this.#answer(request, response));
    this.#http.on("upgrade", (request, socket, head) => {
      if (this.refuseWebSocket) {
        socket.on("error", () => {}); // the client may be gone before it has the answer
        socket.end("HTTP/1.1 426 Upgrade Required\r\nConnection: close\r\n\r\n");
        return;
      }
      this.#sockets.handleUpgrade(request, socket, head, (client) => this.#accept(client));
    });
  }

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.#http.listen(this.#port, "127.0.0.1", resolve));
    this.#port = (this.#http.address() as AddressInfo).port;
  }

  /** start() afterwards opens the same port again. */
  async stop(): Promise<void> {
    for (const client of this.#sockets.clients) client.terminate();
    this.#http.closeAllConnections();
    await new Promise<void>((resolve) => this.#http.close(() => resolve()));
  }

  get origin(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  get openConnections(): number {
    return this.#sockets.clients.size;
  }

  happen(channel: string, event: EventName): ChannelEvent {
    const log = this.#logOf(channel);
    const entry: ChannelEvent = {
      type: "event",
      channel,
      seq: log.length + 1,
      event,
      at: new Date(Date.UTC(2026, 0, 1) + log.length * 10).toISOString(),
      submission: submissionAt(event),
    };
    log.push(entry);
    for (const client of this.#subscribers.get(channel) ?? []) this.#sendEvent(client, entry);
    for (const stream of this.#streams.get(channel) ?? []) this.#writeEvent(stream, entry);
    return entry;
  }

  push(message: object | string): void {
    for (const client of this.#sockets.clients) client.send(typeof message === "string" ? message : JSON.stringify(message));
  }

  /** Cuts all connections, without a word unless a close code is given. */
  cut(code?: number, reason?: string): void {
    for (const client of this.#sockets.clients) {
      if (code === undefined) client.terminate();
      else client.close(code, reason);
    }
  }

  /** Breaks all streams of Server-Sent Events. */
  cutStreams(): void {
    for (const streams of this.#streams.values()) for (const stream of streams) stream.destroy();
  }

  get openStreams(): number {
    return [...this.#streams.values()].reduce((sum, streams) => sum + streams.size, 0);
  }

  /** As after a restore from a backup: another epoch, another log. */
  restore(epoch: string, channel: string, events: EventName[]): void {
    this.epoch = epoch;
    this.#log.delete(channel);
    for (const event of events) this.happen(channel, event);
  }

  subscribesTo(channel: string): ClientMessage[] {
    return this.received.filter((message) => message.type === "subscribe" && message.channel === channel);
  }

  #logOf(channel: string): ChannelEvent[] {
    const log = this.#log.get(channel) ?? [];
    this.#log.set(channel, log);
    return log;
  }

  #sendEvent(client: WebSocket, event: ChannelEvent): void {
    if (!this.lost.has(event.seq)) client.send(JSON.stringify(event));
  }

  #accept(client: WebSocket): void {
    this.connections += 1;
    client.on("close", () => {
      for (const subscribers of this.#subscribers.values()) subscribers.delete(client);
    });
    client.on("message", (data) => {
      const message = JSON.parse(String(data)) as ClientMessage;
      this.received.push(message);
      if (message.type === "ping" && this.answerPings) client.send(JSON.stringify({ type: "pong" }));
      if (message.type === "unsubscribe") {
        this.#subscribers.get(message.channel)?.delete(client);
        client.send(JSON.stringify({ type: "unsubscribed", channel: message.channel }));
      }
      if (message.type === "subscribe" && this.answerSubscribes) this.#subscribe(client, message.channel, message.since);
    });
  }

  #subscribe(client: WebSocket, channel: string, since?: { epoch: string; seq: number }): void {
    const log = this.#logOf(channel);
    const recovered = since !== undefined && since.epoch === this.epoch && since.seq <= log.length;
    const submission = log.at(-1)?.submission ?? null;
    client.send(JSON.stringify({ type: "subscribed", channel, epoch: this.epoch, seq: log.length, recovered, submission }));
    if (recovered) for (const event of log.slice(since.seq)) this.#sendEvent(client, event);
    const subscribers = this.#subscribers.get(channel) ?? new Set();
    this.#subscribers.set(channel, subscribers.add(client));
  }

  #writeEvent(stream: ServerResponse, event: ChannelEvent): void {
    if (this.lost.has(event.seq)) return;
    stream.write(`id: ${this.epoch}:${event.seq}\nevent: ${event.event}\ndata: ${JSON.stringify(event)}\n\n`);
    if (event.event === "finished" || event.event === "cancelled") stream.end();
  }

  #answerStream(channel: string, request: IncomingMessage, response: ServerResponse): void {
    const log = this.#log.get(channel);
    if (!log || this.refuseStreams) {
      response.writeHead(404).end();
      return;
    }
    const asked = new URL(request.url ?? "", this.origin).searchParams.get("last_event_id");
    const id = (request.headers["last-event-id"] as string | undefined) ?? asked;
    const [epoch, seq] = id === null ? [null, 0] : [id.slice(0, id.lastIndexOf(":")), Number(id.slice(id.lastIndexOf(":") + 1))];
    const isOver = log.at(-1)?.event === "finished";
    if (isOver && epoch === this.epoch && seq === log.length) {
      response.writeHead(204).end();
      return;
    }
    response.writeHead(200, { "Content-Type": "text/event-stream", "Cache-Control": "no-store" });
    response.write("retry: 10\n\n");
    const streams = this.#streams.get(channel) ?? new Set();
    this.#streams.set(channel, streams.add(response));
    response.on("close", () => streams.delete(response));
    if (epoch === this.epoch && seq <= log.length) {
      for (const event of log.slice(seq)) this.#writeEvent(response, event);
      return;
    }
    const snapshot = { type: "subscribed", channel, epoch: this.epoch, seq: log.length, recovered: id === null, submission: log.at(-1)?.submission };
    response.write(`id: ${this.epoch}:${log.length}\nevent: snapshot\ndata: ${JSON.stringify(snapshot)}\n\n`);
    if (isOver) response.end();
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const path = request.url ?? "";
    this.requests.push(path);
    const streamed = /^\/submissions\/([^/?]+)\/events/.exec(path)?.[1];
    if (streamed !== undefined) {
      if (!this.holdStreams) this.#answerStream(`submission:${streamed}`, request, response);
      return;
    }
    const token = /^\/submissions\/([^?]+)/.exec(path)?.[1];
    const submission = this.#log.get(`submission:${token}`)?.at(-1)?.submission;
    response.writeHead(submission ? 200 : 404, { "Content-Type": "application/json" });
    if (!submission) {
      response.end(JSON.stringify({ status: 404, error: "Not Found" }));
      return;
    }
    const stdout = submission.stdout === null ? null : Buffer.from(submission.stdout).toString("base64");
    response.end(JSON.stringify({ ...submission, stdout }));
  }
}
