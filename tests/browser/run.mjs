// Drives the page of a running pushjudge in a real browser: what a person sees, over a real network that is broken on
// purpose. Needs a gateway, a core and a worker with C++ and Python.
//
//   node run.mjs --url http://127.0.0.1:2358 [--chromium /usr/bin/chromium] [--only TEXT]

import assert from "node:assert/strict";
import { parseArgs } from "node:util";
import { chromium } from "playwright-core";
import { CuttableProxy } from "./cuttable_proxy.mjs";

const kUsage = `Usage: node run.mjs --url URL [--chromium PATH] [--only TEXT]
Tests the page at URL (http) in a real browser.
  --url URL         where the gateway listens, such as http://127.0.0.1:2358
  --chromium PATH   the browser (default /usr/bin/chromium)
  --only TEXT       only the tests whose name contains TEXT`;

const kDeadlineMs = 30_000;

const kHello = `#include <iostream>
int main() { std::cout << "Hello from the browser" << std::endl; }
`;
const kSlow = `#include <chrono>
#include <iostream>
#include <thread>
int main() {
  std::this_thread::sleep_for(std::chrono::seconds(2));
  std::cout << "worth the wait" << std::endl;
}
`;

const tests = [];
const test = (name, body) => tests.push({ name, body });

async function withoutWebSocket(page, proxy) {
  proxy.refuseUpgrades = true;
  proxy.cut();
  await page.status("streaming");
}

test("a C++ program goes from queued to Accepted, pushed, without one polling request", async (page) => {
  await page.write("C++", kHello);
  await page.run();
  await page.verdict("Accepted");
  assert.equal(await page.text("stdout"), "Hello from the browser\n");
  assert.deepEqual(await page.timeline(), ["queued", "started", "compiled", "finished"]);
  assert.match(await page.text("time"), /^[\d.]+ m?s CPU$/);
  assert.match(await page.text("memory"), /^[\d.]+ [KM]iB$/);
  assert.deepEqual(page.polls, []);
  assert.deepEqual(page.pushed("event").map((message) => message.event), ["queued", "started", "compiled", "finished"]);
});

test("the screen changes while the program still runs", async (page) => {
  await page.startSlow();
  assert.equal(await page.locator.getByTestId("stdout").count(), 0);
  await page.verdict("Accepted");
  assert.equal(await page.text("stdout"), "worth the wait\n");
  assert.deepEqual(page.polls, []);
});

test("a compile error shows what the compiler said", async (page) => {
  await page.write("C++", "int main() { return undeclared; }\n");
  await page.run();
  await page.verdict("Compilation Error");
  assert.match(await page.text("compile-output"), /undeclared/);
  assert.deepEqual(page.polls, []);
});

test("a Python program reads standard input, started from the keyboard", async (page) => {
  await page.write("Python", "for line in open(0):\n    print(line.strip()[::-1])\n");
  await page.locator.getByLabel("Standard input").fill("pots\nrats\n");
  await page.locator.keyboard.press("Control+Enter");
  await page.verdict("Accepted");
  assert.equal(await page.text("stdout"), "stop\nstar\n");
  assert.deepEqual(page.polls, []);
});

test("a program that fails shows its error output", async (page) => {
  await page.write("Python", 'import sys\nsys.exit("no good")\n');
  await page.run();
  await page.verdict("Runtime Error (NZEC)");
  assert.equal(await page.text("stderr"), "no good\n");
});

test("output that is no text is shown as far as it is one", async (page) => {
  await page.write("Python", 'import sys\nsys.stdout.buffer.write(b"a\\xffb\\n")\n');
  await page.run();
  await page.verdict("Accepted");
  assert.equal(await page.text("stdout"), "a\uFFFDb\n");
});

test("every sample on the page runs as it stands", async (page) => {
  const picker = page.locator.getByRole("combobox", { name: "Language" });
  const names = await picker.locator("option").allTextContents();
  const withSample = [];
  for (const name of names) {
    await picker.selectOption({ label: name });
    if ((await page.editor().textContent()).trim() === "") continue;
    withSample.push(name);
    await page.run();
    await page.verdict("Accepted", name);
    assert.match(await page.text("stdout"), /^Hello/, name);
  }
  assert.ok(withSample.length >= 2, `only these have a sample: ${withSample}`);
});

test("the language and the text are still there after a reload", async (page) => {
  await page.write("Python", 'print("kept")\n');
  const label = await page.locator.getByRole("combobox", { name: "Language" }).locator("option:checked").textContent();
  await page.locator.reload();
  await page.open();
  assert.equal(await page.locator.getByRole("combobox", { name: "Language" }).locator("option:checked").textContent(), label);
  assert.match(await page.editor().textContent(), /kept/);
});

test("an error of the API is shown in words", async (page) => {
  await page.write("C++", "");
  await page.run();
  await page.locator.getByRole("alert").filter({ hasText: "Source code can't be blank." }).waitFor();
});

test("a socket that is cut while the program runs comes back with the whole story", async (page, proxy) => {
  await page.startSlow();
  proxy.refuse = true;
  proxy.cut();
  await page.disconnected();
  proxy.refuse = false;
  await page.verdict("Accepted");
  await page.open();
  assert.equal(await page.text("stdout"), "worth the wait\n");
  await page.timelineIs(["queued", "started", "compiled", "finished"]);
});

test("without WebSocket the events come as a stream, without one polling request", async (page, proxy) => {
  await withoutWebSocket(page, proxy);
  await page.startSlow();
  await page.verdict("Accepted");
  assert.equal(await page.text("stdout"), "worth the wait\n");
  assert.deepEqual(await page.timeline(), ["queued", "started", "compiled", "finished"]);
  assert.equal(page.streams.length, 1);
  assert.deepEqual(page.polls, []);
});

test("a stream that is cut while the program runs comes back with the whole story", async (page, proxy) => {
  await withoutWebSocket(page, proxy);
  await page.startSlow();
  proxy.cut();
  await page.verdict("Accepted");
  await page.timelineIs(["queued", "started", "compiled", "finished"]);
  assert.equal(page.streams.length, 2);
  assert.deepEqual(page.polls, []);
});

test("without WebSocket and streams the result is polled, and push takes over when it can", async (page, proxy) => {
  await page.locator.route("**/events*", (route) => route.abort());
  await withoutWebSocket(page, proxy);
  await page.write("C++", kHello);
  await page.run();
  await page.verdict("Accepted");
  await page.status("polling");
  assert.equal(await page.text("stdout"), "Hello from the browser\n");
  assert.ok(page.polls.length > 0);
  proxy.refuseUpgrades = false;
  await page.open();
  await page.timelineIs(["queued", "started", "compiled", "finished"]);
});

test("a server that is away is said to be away, and found again", async (page, proxy) => {
  await page.write("C++", kHello);
  proxy.refuse = true;
  proxy.cut();
  await page.disconnected();
  await page.run();
  await page.locator.getByRole("alert").filter({ hasText: "cannot be reached" }).waitFor();
  proxy.refuse = false;
  await page.open();
  await page.run();
  await page.verdict("Accepted");
});

test("on a phone nothing sticks out to the side", async (page) => {
  await page.locator.setViewportSize({ width: 360, height: 740 });
  await page.write("Python", `print("${"x".repeat(400)}")\n`);
  await page.run();
  await page.verdict("Accepted");
  const [content, screen] = await page.locator.evaluate(() => [document.documentElement.scrollWidth, window.innerWidth]);
  assert.ok(content <= screen, `the page is ${content} px wide on a screen of ${screen}`);
});

/** The page as a person uses it: by roles, labels and what can be read. */
class Page {
  /** GET /submissions/TOKEN requests. */
  polls = [];
  /** Those of its events. */
  streams = [];
  /** Errors that no code caught, and what the gateway's Content-Security-Policy forbade the page. */
  crashes = [];
  #messages = [];

  constructor(locator) {
    this.locator = locator;
    locator.setDefaultTimeout(kDeadlineMs);
    locator.on("request", (request) => {
      const { pathname } = new URL(request.url());
      if (request.method() !== "GET" || !pathname.startsWith("/submissions/")) return;
      (pathname.endsWith("/events") ? this.streams : this.polls).push(pathname);
    });
    locator.on("pageerror", (error) => this.crashes.push(error));
    locator.on("console", (message) => {
      if (message.text().includes("Content Security Policy")) this.crashes.push(message.text());
    });
    locator.on("websocket", (socket) => socket.on("framereceived", ({ payload }) => this.#messages.push(String(payload))));
  }

  /** What came over the WebSocket, of one type. */
  pushed(type) {
    return this.#messages
      .filter((text) => text.startsWith("{"))
      .map((text) => JSON.parse(text))
      .filter((message) => message.type === type);
  }

  editor() {
    return this.locator.getByRole("textbox", { name: "Source code" });
  }

  async write(language, source) {
    const picker = this.locator.getByRole("combobox", { name: "Language" });
    const names = await picker.locator("option").allTextContents();
    const name = names.find((entry) => entry.startsWith(language));
    assert.ok(name, `the server offers no ${language}, only: ${names.join(", ")}`);
    await picker.selectOption({ label: name });
    await this.editor().click();
    await this.locator.keyboard.press("Control+A");
    await this.locator.keyboard.press("Delete");
    if (source) await this.locator.keyboard.insertText(source);
  }

  /** Presses Run and waits until the page has an answer to it. */
  async run() {
    const before = await this.#token();
    await this.locator.getByRole("button", { name: "Run" }).click();
    await this.locator.waitForFunction(
      (old) => {
        const run = document.querySelector("[data-testid=run]");
        const isSending = document.querySelector("[data-testid=run-button]").textContent !== "Run";
        return !isSending && ((run && run.dataset.token !== old) || document.querySelector("[role=alert]"));
      },
      before,
    );
  }

  /** Runs a program that takes its time, and returns while it runs. */
  async startSlow() {
    await this.write("C++", kSlow);
    await this.run();
    await this.phase("compiled");
  }

  async #token() {
    const run = this.locator.getByTestId("run");
    return (await run.count()) > 0 ? run.getAttribute("data-token") : null;
  }

  async phase(phase) {
    await this.locator.locator(`[data-testid=run][data-phase=${phase}]`).waitFor();
  }

  async verdict(expected, of = "the program") {
    await this.locator.locator("[data-testid=run][data-phase=finished]").waitFor();
    const verdict = await this.text("verdict");
    if (verdict !== expected) assert.fail(`${of}: ${verdict} instead of ${expected}\n${await this.locator.getByTestId("run").innerText()}`);
  }

  async text(testid) {
    return this.locator.getByTestId(testid).textContent();
  }

  async timeline() {
    return this.locator.locator("[data-testid=timeline] li").evaluateAll((items) => items.map((item) => item.dataset.event));
  }

  async timelineIs(expected) {
    await this.locator.waitForFunction(
      (count) => document.querySelectorAll("[data-testid=timeline] li").length >= count,
      expected.length,
    );
    assert.deepEqual(await this.timeline(), expected);
  }

  async status(status) {
    await this.locator.locator(`[data-testid=connection][data-status=${status}]`).waitFor();
  }

  async open() {
    await this.status("open");
  }

  async disconnected() {
    await this.locator.locator("[data-testid=connection]:not([data-status=open])").waitFor();
  }
}

async function main() {
  const { values } = parseArgs({
    options: {
      url: { type: "string" },
      chromium: { type: "string", default: "/usr/bin/chromium" },
      only: { type: "string", default: "" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    console.log(kUsage);
    return 0;
  }
  if (!values.url?.startsWith("http://")) {
    console.error(kUsage);
    return 2;
  }

  const chosen = tests.filter(({ name }) => name.includes(values.only));
  if (chosen.length === 0) {
    console.error(`no test's name contains "${values.only}"`);
    return 2;
  }

  // Each start of the browser has a new, empty profile in a temporary folder, which goes when the browser closes.
  const browser = await chromium.launch({
    executablePath: values.chromium,
    headless: true,
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
  });
  let failed = 0;
  try {
    for (const { name, body } of chosen) {
      const proxy = new CuttableProxy(values.url);
      const context = await browser.newContext({ baseURL: await proxy.start() });
      const page = new Page(await context.newPage());
      const startedAt = performance.now();
      try {
        await page.locator.goto("/");
        await page.open();
        await page.locator.locator("#language:enabled").waitFor();
        await body(page, proxy);
        assert.deepEqual(page.crashes, []);
        console.log(`ok      ${name} (${Math.round(performance.now() - startedAt)} ms)`);
      } catch (error) {
        failed += 1;
        console.log(`FAILED  ${name}\n${String(error.stack ?? error).replace(/^/gm, "        ")}`);
      } finally {
        await context.close();
        await proxy.stop();
      }
    }
  } finally {
    await browser.close();
  }
  console.log(`${chosen.length - failed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}

process.exitCode = await main();
