// A stand-in for QEMU on a host where the agent's own weight is measured: it has QEMU's sockets, answers the few
// commands of a VM's start, and runs no guest. Everything but a VM's start goes to the real QEMU.

import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { pathIn, type World } from "./world";

// The agent looks here before it looks in /usr/bin.
const wrapperPath = "/usr/local/bin/qemu-system-x86_64";
const programPath = "/usr/local/lib/leea-bench-fake-qemu.cjs";

const wrapper = (node: string): string => `#!/bin/sh
for word in "$@"; do if [ "$word" = -S ]; then exec "${node}" ${programPath} "$@"; fi; done
exec /usr/bin/qemu-system-x86_64 "$@"
`;

const program = `"use strict";
const { createServer } = require("node:net");
const argv = process.argv.slice(2);
const uuid = argv[argv.indexOf("-uuid") + 1];
let status = "prelaunch";
const answers = {
  qmp_capabilities: () => ({}),
  "query-status": () => ({ status, running: status === "running" }),
  "query-uuid": () => ({ UUID: uuid }),
  "query-migrate": () => ({}),
  cont: () => ((status = "running"), {}),
  stop: () => ((status = "paused"), {}),
  quit: () => (setImmediate(() => process.exit(0)), {}),
  system_powerdown: () => (setImmediate(() => process.exit(0)), {}),
};
const greeting = { QMP: { version: { qemu: { major: 10, minor: 0, micro: 2 }, package: "" }, capabilities: ["oob"] } };
const say = (socket, value) => socket.write(JSON.stringify(value) + "\\r\\n");
function serveMonitor(socket) {
  let rest = "";
  socket.on("error", () => undefined);
  say(socket, greeting);
  socket.setEncoding("utf8").on("data", (text) => {
    const lines = (rest + text).split("\\n");
    rest = lines.pop();
    for (const line of lines.filter((each) => each.trim() !== "")) {
      const { execute, "exec-oob": oob, id } = JSON.parse(line);
      const answer = answers[execute ?? oob];
      const error = { class: "CommandNotFound", desc: "The command " + (execute ?? oob) + " has not been found" };
      say(socket, answer === undefined ? { id, error } : { id, return: answer() });
    }
  });
}
for (const word of argv) {
  const [, id, path] = /^socket,id=([^,]+),path=([^,]+),/.exec(word) ?? [];
  if (path === undefined) continue;
  createServer(id === "console" ? (socket) => socket.on("error", () => undefined) : serveMonitor).listen(path);
}
`;

/** From now on VMs of this host start the stand-in. It ends with the host. */
export function installFakeQemu(world: World, host: string, node: string): void {
  mkdirSync(pathIn(world, host, "/usr/local/lib"), { recursive: true });
  writeFileSync(pathIn(world, host, programPath), program);
  writeFileSync(pathIn(world, host, wrapperPath), wrapper(node));
  chmodSync(pathIn(world, host, wrapperPath), 0o755);
}
