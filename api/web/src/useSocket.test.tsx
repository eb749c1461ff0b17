import { act, StrictMode, useEffect, useState } from "react";
import { createRoot, type Root } from "react-dom/client";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { TestGateway } from "./test_gateway";
import { useSocket } from "./useSocket";

const until = (condition: () => void) => vi.waitFor(condition, { timeout: 5_000, interval: 5 });

let gateway: TestGateway;
let root: Root;
let container: HTMLElement;

beforeEach(async () => {
  vi.stubGlobal("IS_REACT_ACT_ENVIRONMENT", true);
  gateway = new TestGateway();
  await gateway.start();
  container = document.createElement("div");
  root = createRoot(container);
});

afterEach(async () => {
  act(() => root.unmount());
  await gateway.stop();
  vi.unstubAllGlobals();
});

function Follower({ origin }: { origin: string }) {
  const { status, lastMessage, subscribe } = useSocket(origin);
  const [events, setEvents] = useState<string[]>([]);
  useEffect(() => {
    setEvents([]);
    return subscribe(
      "submission:t1",
      (message) => {
        if (message.type === "event") setEvents((seen) => [...seen, message.event]);
      },
      { epoch: "epoch-1", seq: 0 },
    );
  }, [subscribe]);
  const last = typeof lastMessage === "object" ? lastMessage?.type : lastMessage;
  return <p>{`${status} ${last} ${events.join(",")}`}</p>;
}

it("useSocket: components under StrictMode share one connection, subscribe once, and hang up together", async () => {
  gateway.happen("submission:t1", "queued");
  await act(async () =>
    root.render(
      <StrictMode>
        <Follower origin={gateway.origin} />
        <Follower origin={gateway.origin} />
      </StrictMode>,
    ),
  );
  const shows = (text: string) =>
    until(() => act(() => expect([...container.querySelectorAll("p")].map((p) => p.textContent)).toEqual([text, text])));
  await shows("open event queued");
  gateway.happen("submission:t1", "finished");
  await shows("open event queued,finished");
  expect(gateway.connections).toBe(1);
  expect(gateway.received).toHaveLength(1);

  await act(async () => root.render(<StrictMode />));
  await until(() => expect(gateway.openConnections).toBe(0));
});

it("useSocket: shows the loss of the connection and its return", async () => {
  await act(async () => root.render(<Follower origin={gateway.origin} />));
  const shows = (text: RegExp) => until(() => act(() => expect(container.textContent).toMatch(text)));
  await shows(/^open/);
  await gateway.stop();
  await shows(/^(reconnecting|polling)/);
  await gateway.start();
  await shows(/^open/);
});
