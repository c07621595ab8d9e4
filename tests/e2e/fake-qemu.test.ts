// The fake QEMU process and the real one, held to one list: what the agent sees of a process that it starts, continues,
// stops, finds off and ends. What the fake passes here, it may stand for in the run of kills.

import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseMachines } from "../../provider/agent/qemu/probe-qemu";
import { connectQmp, type QmpClient } from "../../provider/agent/qmp/qmp-client";
import { isLeeaError } from "../../provider/model/errors";
import { composeCpuModel } from "../../provider/model/qemu-argv/cpu-model";
import { qemuArgv } from "../../provider/model/qemu-argv/qemu-argv";
import { qemuSockets } from "../../provider/model/qemu-argv/qemu-launch";
import { vmUuid } from "../../provider/model/qemu-argv/vm-uuid";
import { waitFor } from "./world/wait-for";

jest.setTimeout(60_000);
const vmId = "abcdefghijklmnopqrstuvwxyz";
const programs = {
  real: ["qemu-system-x86_64"],
  fake: [process.execPath, join(__dirname, "../../.cache/programs/fake-qemu.cjs")],
} as const;

/** A disk whose boot sector asks for the sleep state S5: out 0x2000 to the port 0x604 (ICH9's PM1a_CNT under SeaBIOS). */
const poweringOff = Buffer.concat([
  Buffer.from("ba0406b80020eff4ebfd".padEnd(1020, "0") + "55aa", "hex"),
  Buffer.alloc((1 << 20) - 512),
]);

describe.each(["fake", "real"] as const)("the %s QEMU", (which) => {
  const [program, ...before] = programs[which];
  const children: ChildProcess[] = [];
  const clients: QmpClient[] = [];
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "leea-fake-"));
    writeFileSync(join(folder, "root.raw"), Buffer.alloc(1 << 20));
  });

  afterEach(() => {
    for (const client of clients.splice(0)) client.close();
    for (const child of children.splice(0)) child.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  });

  function start(argv: readonly string[]): { child: ChildProcess; ended: Promise<number | null>; words: () => string } {
    const child = spawn(program, [...before, ...argv], { stdio: ["ignore", "pipe", "pipe"] });
    children.push(child);
    let words = "";
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (chunk: Buffer) => (words += chunk.toString()));
    return { child, ended: new Promise((resolve) => child.on("close", resolve)), words: () => words };
  }

  async function machineType(): Promise<string> {
    const help = start(["-machine", "help"]);
    await help.ended;
    return parseMachines(help.words())?.machine ?? "none";
  }

  async function launch() {
    const accelerator = "tcg" as const;
    const argv = qemuArgv({
      ...{
        vmId,
        machine: await machineType(),
        accelerator,
        cpuModel: composeCpuModel({ cpu: "portable", accelerator }),
      },
      ...{ vcpus: 1, memoryBytes: 64 << 20, runFolder: folder, nics: [], incoming: false },
      disks: [{ name: "root", path: join(folder, "root.raw") }],
    });
    return { argv, ...start(argv) };
  }

  async function connect(): Promise<QmpClient> {
    const client = await waitFor("its monitor", () =>
      connectQmp(qemuSockets(folder).qmp, { timeoutMs: 5_000 }).catch((error: unknown) => {
        if (isLeeaError(error)) return undefined;
        throw error;
      }),
    );
    clients.push(client);
    return client;
  }

  test("says its version and machine types", async () => {
    const asked = start(["--version"]);
    expect(await asked.ended).toBe(0);
    expect(asked.words()).toMatch(/version [0-9]+\.[0-9]+\.[0-9]+/);
    expect(await machineType()).toMatch(/^pc-q35-/);
  });

  test("stands still until it is continued, says who it is, and stops and goes on as told", async () => {
    await launch();
    const qmp = await connect();
    expect(await qmp.execute("query-status")).toMatchObject({ status: "prelaunch", running: false });
    expect(await qmp.execute("query-uuid")).toEqual({ UUID: vmUuid(vmId) });
    const since = qmp.cursor();
    await qmp.execute("cont");
    await qmp.waitEvent(({ event }) => event === "RESUME", { since, timeoutMs: 10_000 });
    expect(await qmp.execute("query-status")).toMatchObject({ status: "running", running: true });
    await qmp.execute("stop");
    expect(await qmp.execute("query-status")).toMatchObject({ status: "paused", running: false });
    await qmp.execute("cont");
    expect(await qmp.execute("query-status")).toMatchObject({ status: "running" });
  });

  test("is found again by the next client after the last one was cut off", async () => {
    await launch();
    const first = await connect();
    await first.execute("cont");
    first.close();
    const second = await connect();
    expect(await second.execute("query-status")).toMatchObject({ status: "running" });
  });

  test("ends with 0 when asked to quit, and its monitor closes", async () => {
    const { ended } = await launch();
    const qmp = await connect();
    await qmp.execute("quit").catch(() => undefined); // closed before its answer
    await qmp.closed;
    expect(await ended).toBe(0);
  });

  test("refuses a disk that another one holds, in words, with 1", async () => {
    const { argv } = await launch();
    await connect();
    const other = mkdtempSync(join(tmpdir(), "leea-fake-"));
    const changed = argv.map((word) => word.replaceAll(`path=${folder}/`, `path=${other}/`));
    const uuid = vmUuid("zyxwvutsrqponmlkjihgfedcba");
    const second = start(changed.map((word) => (word === vmUuid(vmId) ? uuid : word)));
    expect(await second.ended).toBe(1);
    expect(second.words()).toContain('Failed to get "write" lock');
    rmSync(other, { recursive: true });
  });

  test("stands at `shutdown` when its guest has powered off, refuses to go on, and then quits", async () => {
    writeFileSync(join(folder, "root.raw"), poweringOff);
    const { ended } = await launch();
    const qmp = await connect();
    const since = qmp.cursor();
    await qmp.execute("cont");
    if (which === "fake") await qmp.execute("system_powerdown"); // it boots no sector, and obeys ACPI
    const event = await qmp.waitEvent((candidate) => candidate.event === "SHUTDOWN", { since, timeoutMs: 30_000 });
    expect(event.data).toMatchObject({ guest: true });
    await waitFor("it to stand", async () => (await qmp.execute("query-status")).status === "shutdown");
    await expect(qmp.execute("cont")).rejects.toThrow("Resetting the Virtual Machine is required");
    await qmp.execute("quit").catch(() => undefined);
    expect(await ended).toBe(0);
  });
});
