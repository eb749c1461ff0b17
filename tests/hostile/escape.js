// expect: exited 0 | processes=80 memory_mb=512
// What a Node program could try.
const fs = require("fs");
const net = require("net");
const { spawnSync } = require("child_process");

let open = 0;
function mustFail(what, attempt) {
  try {
    attempt();
    console.log("OPEN: " + what);
    open = 1;
  } catch (expected) {}
}
mustFail("canary", () => fs.readFileSync(process.env.CANARY));
mustFail("shadow", () => fs.readFileSync("/etc/shadow"));
mustFail("environment of pid 1", () => fs.readFileSync("/proc/1/environ"));
mustFail("memory of pid 1", () => fs.openSync("/proc/1/mem", "r"));
mustFail("sources", () => fs.readdirSync(process.env.SOURCES));
mustFail("write to /usr", () => fs.writeFileSync("/usr/bin/x", "x"));
mustFail("root", () => process.setuid(0));
mustFail("mount", () => {
  if (spawnSync("/usr/bin/mount", ["-t", "tmpfs", "none", "/tmp"]).status !== 0) throw new Error();
});
mustFail("namespace", () => {
  if (spawnSync("/usr/bin/unshare", ["-Ur", "/usr/bin/id"]).status !== 0) throw new Error();
});
const socket = net.connect({ host: "127.0.0.1", port: Number(process.env.LISTENER_PORT) });
socket.on("connect", () => {
  console.log("OPEN: loopback");
  process.exit(1);
});
socket.on("error", () => process.exit(open));
