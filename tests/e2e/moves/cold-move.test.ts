// Moves of VMs that do not run meanwhile, on real QEMU: one that is shut down for it, one that was stopped, and one that
// must not move at all. The tests are steps of one story, in order.

import { mkdtempSync, rmSync } from "node:fs";
import { copyFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fetchLedger } from "../../../provider/cli/story/guest-link";
import { checkImage, type LedgerEntry } from "../../../provider/cli/story/ledger";
import type { Progress } from "../../../provider/protocol/operation";
import { runInside } from "../enter-lab";
import { createVm, runInHost, type TrackedVm, twoDisks } from "../world/tracked-vm";
import { findTraces, readRecord, waitForNoTraces } from "../world/vm-traces";
import { waitFor } from "../world/wait-for";
import { closeWorld, joinInARow, nodeOf, openWorld, type World } from "../world/world";

jest.setTimeout(240_000);

const mebibyte = 2 ** 20;
const folder = mkdtempSync(join(tmpdir(), "leea-cold-move-"));
let world: World;
let vm: TrackedVm;
let bootId: string;

beforeAll(async () => {
  world = await openWorld("cold-move", ["a", "b"]);
  await joinInARow(world, ["a", "b"]);
  vm = await createVm(world, "web", "a", { fields: { disks: twoDisks } });
  bootId = await vm.booted("b");
});

afterAll(async () => {
  await closeWorld(world);
  rmSync(folder, { recursive: true, force: true });
});

/** A copy of one of the VM's disks on this machine. The guest must not write meanwhile. */
async function copyImage(host: string, disk: string): Promise<string> {
  const file = join(folder, `${host}-${disk}.raw`);
  const pid = world.lab.hosts.find(({ name }) => name === host)?.pid;
  await copyFile(`/proc/${pid}/root/var/lib/leea/vm/${vm.id}/disks/${disk}.raw`, file);
  return file;
}

async function expectHeld(host: string, ledger: readonly LedgerEntry[]): Promise<void> {
  expect(ledger.length).toBeGreaterThan(100);
  for (const [index, { name }] of twoDisks.entries())
    expect(await checkImage(await copyImage(host, name), ledger, index)).toMatchObject({ bad: 0, badBlocks: [] });
}

/** Moves, and gives every progress report. */
async function moveTo(host: string, fields: Record<string, unknown>): Promise<readonly Progress[]> {
  const reports: Progress[] = [];
  world.onProgress = (progress) => void reports.push(progress);
  await vm.update(host, fields);
  world.onProgress = () => undefined;
  return reports;
}

async function sentBytes(host: string): Promise<number> {
  const text = await runInside(world.lab, host, "cat /sys/class/net/leeal*/statistics/tx_bytes");
  return text.split("\n").reduce((sum, line) => sum + Number(line), 0);
}

describe("a running VM declared to move cold", () => {
  const cold = { migration: { mode: "cold" } };
  let ledger: readonly LedgerEntry[];

  test("says so in preview, and that it shuts down", async () => {
    const { lines, replaces } = await vm.preview("b", cold);
    expect(replaces).toEqual([]);
    expect(lines[0]).toMatch(/^web: moves cold \(shuts down, its disks are copied, it starts there\) from a to b/);
    expect(vm.outputs.currentNode).toBe(nodeOf(world, "a").id);
  });

  test("starts on the other host with every acknowledged block, as a new boot and a new generation", async () => {
    await vm.ask("b", "write 100");
    await vm.wroteMore("b", 300);
    ledger = await fetchLedger(runInHost(world, "b"), vm.outputs.address);
    const reports = await moveTo("b", cold);
    expect(vm.outputs).toMatchObject({ state: "running", currentNode: nodeOf(world, "b").id, generation: 2 });
    expect(vm.outputs.lastMigration).toMatchObject({ mode: "cold", ramBytes: 0, passes: 0 });
    expect(vm.outputs.lastMigration?.downtimeMs).toBeGreaterThan(0);
    expect(vm.outputs.lastMigration?.diskBytes).toBeGreaterThan(ledger.length * 4096);
    const phases = [...new Set(reports.map(({ phase }) => phase))];
    expect(phases.filter((phase) => phase !== "start")).toEqual(
      expect.arrayContaining(["preflight", "prepare", "shutdown", "cutover", "finish"]),
    );
    const newBootId = await vm.booted("a");
    expect(newBootId).not.toBe(bootId);
    bootId = newBootId;
    await expectHeld("b", ledger);
  });

  test("leaves nothing but its record behind", async () => {
    await waitForNoTraces(vm, "a", 20_000);
    expect(await readRecord(vm, "a")).toMatchObject({ role: "former", generation: 2 });
    expect((await vm.preview("b", cold)).hasChanges).toBe(false);
  });

  test("moves live again once that is declared, and the guest goes on", async () => {
    await vm.update("a");
    expect(vm.outputs.lastMigration).toMatchObject({ mode: "live" });
    expect((await vm.ask("b", "status")).bootId).toBe(bootId);
  });
});

describe("a VM under mode forbid", () => {
  test("refuses another node in preview and in up, and nothing is touched", async () => {
    const forbid = { migration: { mode: "forbid" } };
    const refused = { code: "INPUT_INVALID", message: expect.stringContaining('migration.mode is "forbid"') };
    await expect(vm.preview("b", forbid)).rejects.toMatchObject(refused);
    await expect(vm.update("b", forbid)).rejects.toMatchObject(refused);
    await vm.update("a", forbid);
    await expect(vm.update("b", forbid)).rejects.toMatchObject(refused);
    expect(vm.outputs).toMatchObject({ state: "running", currentNode: nodeOf(world, "a").id, generation: 3 });
    expect((await vm.ask("b", "status")).bootId).toBe(bootId);
    await waitForNoTraces(vm, "b", 20_000);
  });
});

describe("a stopped VM", () => {
  const stopped = { powerState: "stopped" };
  let ledger: readonly LedgerEntry[];

  test("moves without being asked how, and stays stopped", async () => {
    await vm.ask("b", "write 100");
    await vm.wroteMore("b", 200);
    expect((await vm.ask("b", "stop-writing")).clean).toBe(true);
    ledger = await fetchLedger(runInHost(world, "b"), vm.outputs.address);
    await vm.update("a", stopped);
    expect(vm.outputs.state).toBe("stopped");
    expect((await vm.preview("b", stopped)).lines[0]).toMatch(
      /^web: moves while stopped \(its disks are copied\) from a to b/,
    );
    await vm.update("b", stopped);
    expect(vm.outputs).toMatchObject({ state: "stopped", currentNode: nodeOf(world, "b").id, generation: 4 });
    expect(vm.outputs.lastMigration).toMatchObject({ mode: "cold", downtimeMs: 0 });
    await expectHeld("b", ledger);
    await waitForNoTraces(vm, "a", 20_000);
    expect((await findTraces(vm, "b")).filter((line) => line.startsWith("qemu: "))).toEqual([]);
  });

  test("starts where it is now, with its disks", async () => {
    await vm.update("b");
    expect(vm.outputs.state).toBe("running");
    await vm.booted("a");
    await waitFor("blocks", async () => (await vm.ask("a", "survey")).disks.every(({ bad }) => bad === 0), 30_000);
  });
});

test("the holes of a disk are not sent, and stay holes", async () => {
  const fields = { powerState: "stopped", disks: [{ name: "root", size: "1GiB" }] };
  const empty = await createVm(world, "empty", "a", { fields });
  const before = await sentBytes("a");
  await empty.update("b");
  const sent = (await sentBytes("a")) - before;
  expect(empty.outputs).toMatchObject({ state: "stopped", currentNode: nodeOf(world, "b").id });
  expect(sent).toBeLessThan(8 * mebibyte);
  const taken = await runInside(world.lab, "b", `du --block-size=1 /var/lib/leea/vm/${empty.id}/disks/root.raw`);
  expect(Number.parseInt(taken, 10)).toBeLessThan(mebibyte);
  await empty.destroy();
});
