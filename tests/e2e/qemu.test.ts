// The real QEMU, driven as the agent drives it: as its own user inside the sandbox, through its monitors, under TCG.
// Touches no network and nothing outside a temporary folder of its own.

import { execFileSync } from "node:child_process";
import {
  chmodSync,
  chownSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { AgentContext } from "../../provider/agent/agent-context";
import { silentLog } from "../../provider/agent/log";
import { adoptQemu } from "../../provider/agent/qemu/adopt-qemu";
import { findUnknownQemus } from "../../provider/agent/qemu/find-unknown-qemus";
import { followConsole } from "../../provider/agent/qemu/follow-console";
import { probeAcceleratorsInDetail, readCachedAccelerators } from "../../provider/agent/qemu/probe-accelerators";
import { probeQemu } from "../../provider/agent/qemu/probe-qemu";
import { type StartedQemu, startQemu } from "../../provider/agent/qemu/start-qemu";
import { vmLogFiles } from "../../provider/agent/qemu/vm-log-files";
import { connectQmp } from "../../provider/agent/qmp/qmp-client";
import { linuxSystem } from "../../provider/agent/system/linux-system";
import { isLeeaError } from "../../provider/model/errors";
import { composeCpuModel } from "../../provider/model/qemu-argv/cpu-model";
import { type QemuLaunch, qemuSockets } from "../../provider/model/qemu-argv/qemu-launch";

jest.setTimeout(180_000);

const uid = 900_321;
const vmId = "leeatestvm234567";
const MiB = 2 ** 20;

let folder: string;
let ctx: AgentContext;
let runFolder: string;
let diskPath: string;
let started: StartedQemu | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "leea-qemu-"));
  chmodSync(folder, 0o711);
  const at = (name: string): string => join(folder, name);
  const paths = {
    state: at("state"),
    storage: at("storage"),
    run: at("run"),
    vmRun: at("vm-run"),
    socket: at("agent.sock"),
  };
  ctx = { system: linuxSystem, paths, log: silentLog };
  runFolder = join(paths.vmRun, vmId);
  mkdirSync(paths.vmRun, { mode: 0o711 });
  makeOwned(runFolder);
  // A comma and a quote: each would end an option or a string if it ever got into one.
  diskPath = join(paths.storage, `it's,readonly=on "disk".raw`);
  mkdirSync(paths.storage, { mode: 0o711 });
  writeFileSync(diskPath, "");
  truncateSync(diskPath, 64 * MiB);
  chownSync(diskPath, uid, uid);
});

afterEach(async () => {
  if (started !== undefined) await linuxSystem.signal(started.mark, "SIGKILL");
  started?.client.close();
  started = undefined;
  rmSync(folder, { recursive: true, force: true });
});

function makeOwned(path: string): void {
  mkdirSync(path, { mode: 0o700 });
  chownSync(path, uid, uid);
}

async function launchWith(change: Partial<QemuLaunch> = {}): Promise<QemuLaunch> {
  const { machine } = await probeQemu(ctx);
  const base = {
    vmId,
    machine,
    accelerator: "tcg",
    cpuModel: composeCpuModel({ cpu: "portable", accelerator: "tcg" }),
  } as const;
  const sizes = { vcpus: 1, memoryBytes: 192 * MiB, nics: [], incoming: false };
  return { ...base, ...sizes, runFolder, disks: [{ name: "root", path: diskPath }], ...change };
}

async function start(change: Partial<QemuLaunch> = {}): Promise<StartedQemu> {
  started = await startQemu(ctx, { launch: await launchWith(change), uid });
  return started;
}

async function waitUntil(what: string, limitMs: number, holds: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + limitMs;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`${what}: not within ${limitMs} ms`);
    await new Promise((wake) => setTimeout(wake, 20));
  }
}

function testGuest(): { kernelPath: string; initrdPath: string } {
  const builder = resolve(__dirname, "../../setup/guest/build-guest.mjs");
  const built = JSON.parse(execFileSync(process.execPath, [builder], { encoding: "utf8" })) as {
    kernel: string;
    initrd: string;
  };
  const guest = { kernelPath: join(folder, "kernel"), initrdPath: join(folder, "initrd") };
  copyFileSync(built.kernel, guest.kernelPath);
  copyFileSync(built.initrd, guest.initrdPath);
  for (const path of Object.values(guest)) chmodSync(path, 0o644);
  return guest;
}

test("the host's QEMU is found with its version and the machine type behind q35", async () => {
  const qemu = await probeQemu(ctx);
  expect(qemu.version).toMatch(/^\d+\.\d+\.\d+$/);
  expect(qemu.machines).toContain(qemu.machine);
  expect(await probeQemu(ctx)).toEqual(qemu);
});

test("an accelerator counts only if it ran a guest, and the answer is kept", async () => {
  expect(await readCachedAccelerators(ctx)).toBeUndefined();
  const probes = await probeAcceleratorsInDetail(ctx);
  expect(probes.map(({ accelerator }) => accelerator)).toEqual(["kvm", "tcg"]);
  expect(probes.find(({ accelerator }) => accelerator === "tcg")).toEqual({ accelerator: "tcg", works: true });
  for (const probe of probes) expect(probe.works).toBe(probe.reason === undefined);
  expect(await readCachedAccelerators(ctx)).toEqual(
    probes.filter(({ works }) => works).map(({ accelerator }) => accelerator),
  );
});

test("QEMU runs as the VM's own user, without capabilities, inside the sandbox, and stands still", async () => {
  const { mark, client } = await start();
  const status = readFileSync(`/proc/${mark.pid}/status`, "utf8");
  expect(status).toMatch(new RegExp(`^Uid:\\s+${uid}\\s+${uid}\\s+${uid}\\s+${uid}$`, "m"));
  expect(status).toMatch(/^Groups:\s*$/m);
  expect(status).toMatch(/^CapEff:\s+0+$/m);
  expect(status).toMatch(/^CapBnd:\s+0+$/m);
  expect(status).toMatch(/^NoNewPrivs:\s+1$/m);
  expect(status).toMatch(/^Seccomp:\s+2$/m);
  expect(await client.execute("query-status")).toMatchObject({ status: "prelaunch", running: false });
  expect(readFileSync(vmLogFiles(ctx.paths, vmId).qemu, "utf8")).toBe("");
});

test("the processor that a TCG guest is given for cpu: host starts without a word of warning", async () => {
  await start({ cpuModel: composeCpuModel({ cpu: "host", accelerator: "tcg" }) });
  expect(readFileSync(vmLogFiles(ctx.paths, vmId).qemu, "utf8")).toBe("");
});

test("the test guest boots from files whose names hold commas and quotes, and its console is kept within bounds", async () => {
  const boot = { ...testGuest(), cmdline: 'console=ttyS0 mitigations=off panic=-1 note=a,b="c"' };
  const { client } = await start({ boot });
  const logPath = join(folder, "console.log");
  const console = followConsole({ socketPath: qemuSockets(runFolder).console, logPath, maxBytes: 4096 }, silentLog);
  await client.execute("cont");
  await waitUntil("a sign of life of the guest's program", 120_000, () => /LEEA-GUEST-BEAT/.test(consoleText(logPath)));
  expect(statSync(logPath).size).toBeLessThanOrEqual(4096);
  expect(statSync(`${logPath}.1`).size).toBeLessThanOrEqual(4096);
  console.close();
  await console.ended;
});

function consoleText(path: string): string {
  return [`${path}.1`, path].map((part) => (existsSync(part) ? readFileSync(part, "utf8") : "")).join("");
}

test("a restarted agent adopts the QEMU that runs, with its mark and without one", async () => {
  const { mark, client } = await start();
  await client.execute("cont");
  client.close();
  const adopted = await adoptQemu(ctx, { vmId, runFolder, mark });
  if (adopted.state !== "alive") throw new Error(`it is ${adopted.state}`);
  expect(await adopted.client.execute("query-status")).toMatchObject({ status: "running" });
  adopted.client.close();
  const found = await adoptQemu(ctx, { vmId, runFolder });
  if (found.state !== "alive") throw new Error(`it is ${found.state}`);
  expect(found.mark).toEqual(mark);
  found.client.close();
});

test("a QEMU whose monitor another client holds is mute, and is left alone", async () => {
  const { mark } = await start();
  expect(await adoptQemu(ctx, { vmId, runFolder, mark })).toMatchObject({ state: "mute", mark });
  expect(await linuxSystem.isAlive(mark)).toBe(true);
});

test("the monitor of another VM is not adopted", async () => {
  const { mark, client } = await start();
  client.close();
  const adopted = await adoptQemu(ctx, { vmId: "zzzzzzzzzzzzzzzz", runFolder, mark });
  expect(adopted).toMatchObject({ state: "mute", reason: expect.stringMatching(/another VM/) });
});

test("a QEMU that no record names is reported, and a known one is not", async () => {
  const { mark } = await start();
  expect(await findUnknownQemus(ctx, [])).toEqual([{ mark, pid: mark.pid, vmId }]);
  expect(await findUnknownQemus(ctx, [mark.pid])).toEqual([]);
});

test("a killed QEMU is seen at once: the monitor closes, calls and waits end, adoption says dead", async () => {
  const { mark, client } = await start();
  const waiting = client.waitEvent(() => false, { timeoutMs: 60_000 }).catch((error: unknown) => error);
  await linuxSystem.signal(mark, "SIGKILL");
  await client.closed;
  expect(isLeeaError(await waiting, "QMP_CLOSED")).toBe(true);
  await expect(client.execute("query-status")).rejects.toMatchObject({ code: "QMP_CLOSED" });
  await waitUntil("its end", 5_000, async () => !(await linuxSystem.isAlive(mark)));
  expect(await adoptQemu(ctx, { vmId, runFolder, mark })).toEqual({ state: "dead" });
});

test("the second monitor answers out of band", async () => {
  await start();
  const oob = await connectQmp(qemuSockets(runFolder).oob, { oob: true, timeoutMs: 5_000 });
  const problem = await oob.executeOutOfBand("migrate-pause").catch((error: unknown) => error);
  expect(isLeeaError(problem, "QMP_COMMAND_FAILED")).toBe(true);
  await expect(oob.executeOutOfBand("yank", { instances: [] })).resolves.toEqual({});
  oob.close();
});

test("a QEMU that cannot start says why, and leaves nothing running", async () => {
  const problem = await start({ disks: [{ name: "root", path: join(folder, "no such disk") }] }).catch(
    (error: unknown) => error,
  );
  if (!isLeeaError(problem, "START_FAILED")) throw problem;
  expect(problem.message).toMatch(/no such disk/);
  expect(problem.details?.["log"]).toMatch(/No such file/);
  expect(await findUnknownQemus(ctx, [])).toEqual([]);
});

test("two QEMUs never write to the same disk", async () => {
  await start();
  const other = join(ctx.paths.vmRun, "secondvmsecondvm");
  makeOwned(other);
  const launch = await launchWith({ vmId: "secondvmsecondvm", runFolder: other });
  await expect(startQemu(ctx, { launch, uid })).rejects.toMatchObject({
    code: "START_FAILED",
    hint: expect.stringMatching(/Another QEMU holds the disk/),
  });
});
