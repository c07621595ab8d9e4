// VMs that start again without anybody's command: after a crash, after their host's boot, as their policy says; and never
// from a copy of yesterday, whatever the restored host believes. Nothing here asks the provider to start anything.

import { bootHost, killHost } from "../../provider/cli/lab/lab";
import type { VmReport } from "../../provider/protocol/vm";
import { runInside } from "./enter-lab";
import { forgetConnections } from "./trouble/trouble-rig";
import { createVm, type TrackedVm } from "./world/tracked-vm";
import { findTraces, readRecord } from "./world/vm-traces";
import { waitFor } from "./world/wait-for";
import { closeWorld, joinInARow, nodeOf, openWorld, type World, withAgent } from "./world/world";

jest.setTimeout(240_000);
let world: World;
let vm: TrackedVm;
let bootId: string;

beforeAll(async () => {
  world = await openWorld("restart", ["a", "b", "c"]);
  for (const host of ["a", "b", "c"]) await runInside(world.lab, host, "rm -f /dev/kvm");
  await joinInARow(world);
  const disks = [{ name: "root", size: "64MiB" }];
  vm = await createVm(world, "web", "a", { guest: "leea.write=50", fields: { disks } });
  bootId = await vm.booted("b");
});

afterAll(() => closeWorld(world));

const pidOf = (id: string, host: string) =>
  runInside(world.lab, host, `pgrep -f "[q]emu-system.*guest=leea-${id}" || true`);

const agentRuns = (host: string) =>
  waitFor(
    `the agent of ${host} to begin with its host`,
    () => runInside(world.lab, host, "test -S /run/leea/agent.sock && echo yes || true").then((text) => text === "yes"),
    60_000,
  );

/** What the host says of a VM, once it is so. */
async function reported(host: string, id: string, what: string, is: (report: VmReport) => boolean): Promise<VmReport> {
  return waitFor(
    `${what} on ${host}`,
    () =>
      withAgent(world, host, async (session) => {
        const answer = await session.call("getVm", { params: { vmId: id } });
        return answer.found === "here" && is(answer.report) ? answer.report : undefined;
      }),
    60_000,
  );
}

const decisionsOn = (host: string, id: string) =>
  withAgent(world, host, async (session) => (await session.call("getDecisions", { params: { vmId: id } })).decisions);

async function cutPower(...hosts: readonly string[]): Promise<void> {
  forgetConnections();
  for (const host of hosts) world.lab = await killHost(world.lab, host);
}

async function boot(host: string): Promise<void> {
  world.lab = await bootHost(world.lab, host);
}

async function expectDataWhole(from: string): Promise<void> {
  const survey = await vm.ask(from, "survey");
  expect(survey.disks[0]).toMatchObject({ bad: 0 });
  expect(survey.disks[0]?.checked).toBeGreaterThan(20);
}

test("a QEMU that was killed is started again by its host, with its disk, and the story says so", async () => {
  await vm.wroteMore("b", 30);
  const pid = await pidOf(vm.id, "a");
  await runInside(world.lab, "a", `kill -9 ${pid}`);
  const report = await reported("a", vm.id, "another QEMU", ({ state, restart }) => state === "running" && !restart);
  expect(report.generation).toBe(1);
  expect(await pidOf(vm.id, "a")).not.toBe(pid);
  const again = await vm.booted("b");
  expect(again).not.toBe(bootId);
  bootId = again;
  await expectDataWhole("b");
  const told = (await decisionsOn("a", vm.id)).map(({ decision }) => decision);
  expect(told).toEqual(expect.arrayContaining(["crashed", "restart-planned", "restarted", "started"]));
});

test("a host that lost its power starts its agent, its mesh and its VM, which answers at its address", async () => {
  await vm.wroteMore("b", 30);
  await cutPower("a");
  await boot("a");
  await agentRuns("a");
  const again = await vm.booted("c");
  expect(again).not.toBe(bootId);
  bootId = again;
  await expectDataWhole("c");
  const claimed = (await decisionsOn("a", vm.id)).find(({ decision }) => decision === "claimed");
  const words = (claimed?.evidence?.["words"] ?? []) as { nodeId: string }[];
  expect(words.map(({ nodeId }) => nodeId).sort()).toEqual([nodeOf(world, "b").id, nodeOf(world, "c").id].sort());
});

describe("a guest that powers itself off", () => {
  const powerOff = (id: string) =>
    runInside(
      world.lab,
      "a",
      `printf '{"execute":"qmp_capabilities"}\\n{"execute":"system_powerdown"}\\n' >/tmp/off
      /usr/bin/env node -e 'const s=require("net").connect("/run/leea-vm/${id}/people.sock");s.end(require("fs").readFileSync("/tmp/off"));s.resume()'`,
    );
  const agentPid = () => runInside(world.lab, "a", "head -1 /run/leea/agent.pid");

  test("stays off, also when no agent saw it", async () => {
    const quiet = await createVm(world, "quiet", "a");
    await quiet.booted("b");
    await runInside(world.lab, "a", `kill -9 ${await agentPid()}`);
    await powerOff(quiet.id);
    await waitFor(
      "the guest to be off",
      async () => (await quiet.ask("b", "status").catch(() => undefined)) === undefined,
    );
    forgetConnections();
    await quiet.refresh(); // starts the agent, as any run does on a host without systemd
    await reported("a", quiet.id, "a VM that is stopped", ({ state }) => state === "stopped");
    await waitFor("its QEMU to end", async () => (await pidOf(quiet.id, "a")) === "");
    expect(await readRecord(quiet, "a")).toMatchObject({ role: "owner", wantsToRun: false });
    await quiet.destroy();
  });

  test("starts again under `always`, and a crash under `never` is left", async () => {
    const eager = await createVm(world, "eager", "a", { fields: { restart: "always" } });
    const first = await eager.booted("b");
    await powerOff(eager.id);
    await waitFor("another boot", async () => (await eager.booted("b")) !== first, 90_000);
    await eager.update("a", { restart: "never" });
    await runInside(world.lab, "a", `kill -9 ${await pidOf(eager.id, "a")}`);
    await reported("a", eager.id, "a crash", ({ state, restart }) => state === "crashed" && restart === undefined);
    const left = await waitFor("the decision", async () =>
      (await decisionsOn("a", eager.id)).find(({ decision }) => decision === "left-stopped"),
    );
    expect(left.because).toEqual(["its QEMU ended without being asked to, and restart is never"]);
    await eager.destroy();
  });
});

describe("a host that comes back with yesterday's disk", () => {
  const state = () => `${world.lab.directory}/hosts/a/disk/var/lib/leea`;
  const machine = async (text: string) => {
    const { execFile } = await import("node:child_process");
    const { promisify } = await import("node:util");
    return promisify(execFile)("bash", ["-ec", text]);
  };

  beforeAll(async () => {
    await vm.wroteMore("c", 20);
    await machine(`sync; rm -rf ${state()}.yesterday; cp -a ${state()} ${state()}.yesterday`);
    await vm.update("b");
    expect(vm.outputs.generation).toBe(2);
    bootId = (await vm.ask("c", "status")).bootId;
  });

  async function restore(): Promise<void> {
    await cutPower("a");
    await machine(`rm -rf ${state()}; cp -a ${state()}.yesterday ${state()}`);
    expect(JSON.parse((await machine(`cat ${state()}/records/${vm.id}.json`)).stdout)).toMatchObject({
      role: "owner",
      generation: 1,
      wantsToRun: true,
    });
  }

  test("asks, learns that the VM has gone on, and never starts it; its old disk is set aside", async () => {
    await restore();
    await boot("a");
    await agentRuns("a");
    await waitFor("its record to give way", async () => (await readRecord(vm, "a"))["role"] === "former", 60_000);
    expect(await pidOf(vm.id, "a")).toBe("");
    expect((await vm.ask("c", "status")).bootId).toBe(bootId);
    await waitFor("its traces to go", async () => (await findTraces(vm, "a")).length === 0, 30_000);
    const aside = `ls /var/lib/leea/vm/ | grep -E '^${vm.id}\\.stale-g1-[0-9]+$'`;
    expect(await runInside(world.lab, "a", aside)).toMatch(/stale-g1/);
    const told = (await decisionsOn("a", vm.id)).map(({ decision }) => decision);
    expect(told.slice(told.lastIndexOf("restart-planned"))).not.toContain("restarted");
    expect(told.at(-1)).toBe("gave-way");
  });

  test("waits and says for whom while a member is silent, and the right host starts the VM once it is there", async () => {
    await cutPower("b");
    await restore();
    await boot("a");
    await agentRuns("a");
    const { restart } = await reported(
      "a",
      vm.id,
      "the wait",
      (report) => report.restart?.because.includes("waits") === true,
    );
    expect(restart?.because).toBe(`waits for host ${nodeOf(world, "b").id} to say whether the VM is there`);
    expect(await pidOf(vm.id, "a")).toBe("");
    await boot("b");
    await agentRuns("b");
    await waitFor("its record to give way", async () => (await readRecord(vm, "a"))["role"] === "former", 90_000);
    expect(await vm.booted("c")).not.toBe(bootId);
    expect(await pidOf(vm.id, "a")).toBe("");
    expect(await pidOf(vm.id, "b")).not.toBe("");
    await expectDataWhole("c");
  });
});
