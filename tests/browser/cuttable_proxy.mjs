// A TCP proxy between the browser and the gateway, so that a test can break the network and mend it.

import { connect, createServer } from "node:net";

export class CuttableProxy {
  /** New connections are closed at once, as when the gateway is away. */
  refuse = false;
  /** Requests for an upgrade are closed without an answer, as by a proxy that knows no WebSocket. */
  refuseUpgrades = false;
  #pairs = new Set();
  #server;
  #target;

  constructor(targetUrl) {
    const { hostname, port } = new URL(targetUrl);
    this.#target = { host: hostname, port: Number(port || 80) };
    this.#server = createServer((client) => this.#accept(client));
  }

  /** Returns the URL under which the gateway is now reached. */
  async start() {
    await new Promise((resolve, reject) => {
      this.#server.once("error", reject);
      this.#server.listen(0, "127.0.0.1", resolve);
    });
    return `http://127.0.0.1:${this.#server.address().port}`;
  }

  async stop() {
    this.cut();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** Breaks every connection there is. */
  cut() {
    for (const pair of this.#pairs) pair.forEach((socket) => socket.destroy());
  }

  #accept(client) {
    if (this.refuse) {
      client.destroy();
      return;
    }
    const pair = [client, connect(this.#target)];
    const gateway = pair[1];
    this.#pairs.add(pair);
    const end = () => {
      pair.forEach((socket) => socket.destroy());
      this.#pairs.delete(pair);
    };
    // An error is followed by close; both ends then go together.
    for (const socket of pair) {
      socket.on("error", () => {});
      socket.on("close", end);
    }
    client.once("data", (first) => {
      if (this.refuseUpgrades && /^upgrade: *websocket/im.test(first.toString("latin1"))) {
        end();
        return;
      }
      gateway.write(first);
      client.pipe(gateway);
    });
    gateway.pipe(client);
  }
}
