// The fake QEMU as a process of its own, with the command line, the sockets and the states of a real one: what the agent
// starts, adopts, stops and finds dead. It runs no guest; a guest asked to power down obeys. It holds what a real one
// holds, so a second one on the same disk or of the same VM ends with QEMU's words, and is written into the ledger.

import { appendFileSync, existsSync } from "node:fs";
import { createServer } from "node:net";
import { bootProbeExitCode } from "../../../provider/agent/qemu/boot-probe-kernel";
import { FakeQemu } from "../../fakes/fake-qemu";
import type { FakeSystem } from "../../fakes/fake-system";
import { FakeWire } from "../../fakes/fake-wire";

/** Where every start, step and refusal is written down, out of the agent's reach. */
const ledgerPath = "/run/fake-qemu.ledger";

function note(words: string): void {
  if (existsSync(ledgerPath)) appendFileSync(ledgerPath, `${words}\n`); // only where a run has put one
}

/** Holds a name for as long as this process lives: the kernel lets go of it at the very end of one that is killed. */
function hold(name: string): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(`\0fake-qemu/${name}`, () => resolve(true));
  });
}

function fail(words: string): never {
  process.stderr.write(`qemu-system-x86_64: ${words}\n`);
  process.exit(1);
}

async function main(argv: readonly string[]): Promise<void> {
  if (argv.includes("--version")) return void process.stdout.write("QEMU emulator version 10.0.2 (fake)\n");
  if (argv.includes("help"))
    return void process.stdout.write("q35  Standard PC (alias of pc-q35-10.0)\npc-q35-10.0  Standard PC\n");
  if (argv.some((word) => word.startsWith("isa-debug-exit"))) process.exit(bootProbeExitCode);
  const uuid = argv[argv.indexOf("-uuid") + 1] ?? "";
  if (!(await hold(uuid))) {
    note(`double ${uuid} ${process.pid}`);
    fail("another process of this VM runs");
  }
  for (const word of argv.filter((each) => each.startsWith('{"driver":"raw"'))) {
    const { file } = JSON.parse(word) as { file: { filename: string } };
    if (!(await hold(file.filename))) fail(`Failed to get "write" lock on ${file.filename}`);
  }
  for (const word of argv.filter((each) => each.startsWith("socket,id=console")))
    createServer().listen(/path=([^,]+)/.exec(word)?.[1]);
  run(argv, uuid);
}

function run(argv: readonly string[], uuid: string): void {
  const wire = new FakeWire<FakeQemu>();
  const noFiles = { text: () => undefined } as unknown as FakeSystem;
  const qemu = new FakeQemu(wire, { name: "host", system: noFiles }, argv);
  note(`start ${uuid} ${process.pid}`);
  qemu.onCommand = (command) => {
    if (command === "cont" && qemu.status === "prelaunch") note(`run ${uuid} ${process.pid}`);
  };
  qemu.onEnd = () => {
    note(`end ${uuid} ${process.pid}`);
    setImmediate(() => process.exit(0));
  };
  process.on("SIGTERM", () => qemu.end());
  setInterval(() => undefined, 2 ** 30); // its monitors keep no process alive
}

void main(process.argv.slice(2));
