// The source's agent ends a move whatever becomes of the program that began it: its connection drops, it is killed in any phase
// under the real engine, or a second one wants the same. There is never a second move, and whoever comes later reports the
// same result. The tests are steps of one story, in order.

import type { ChildProcess } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { askGuest } from "../../provider/cli/story/guest-link";
import { migrationPhases } from "../../provider/model/migration-phase";
import type { MoveResult, VmReport } from "../../provider/protocol/vm";
import { runInside } from "./enter-lab";
import { makeStack, type PulumiStack } from "./world/pulumi-stack";
import { runInHost } from "./world/tracked-vm";
import { waitFor } from "./world/wait-for";
import { closeWorld, openWorld, type World, withAgent } from "./world/world";

jest.setTimeout(400_000);

type Host = "a" | "b";
let world: World;
let stack: PulumiStack;
let bootId: string;
let vmId: string;
let address: string;
let generation = 1;

beforeAll(async () => {
  world = await openWorld("alone", ["a", "b", "c"]);
  stack = await makeStack({ labFile: `${world.lab.directory}/lab.json` });
  await stack.run("up", "--yes", "--skip-preview");
  const outputs = await stack.outputs();
  address = String(outputs["address"]);
  vmId = (await withAgent(world, "a", (session) => session.call("listVms", {}))).vms[0]?.vmId ?? "";
  bootId = (await waitFor("the guest", () => status().catch(() => undefined), 90_000)).bootId;
});

afterAll(async () => {
  await closeWorld(world);
  stack?.drop();
});

const status = () => askGuest(runInHost(world, "c"), address, "status", 2_000);

/** What the host says of the VM; undefined where it is not there. */
async function look(host: Host): Promise<VmReport | undefined> {
  const answer = await withAgent(world, host, (session) => session.call("getVm", { params: { vmId } }));
  return answer.found === "here" ? answer.report : undefined;
}

/** Moves that the hosts have begun, by what is on their disks. */
async function countMoves(): Promise<number> {
  const count = "grep -l '\"move-vm\"' /var/lib/leea/journal/*.json | wc -l";
  const counts = await Promise.all(["a", "b"].map((host) => runInside(world.lab, host, count)));
  return counts.map(Number).reduce((sum, each) => sum + each, 0);
}

/** Calls back once the move that runs on the host has come to the phase, or ended; gives its operation. */
async function atPhase(host: Host, phase: string, act: () => void): Promise<string> {
  const begun = await waitFor("the move", async () => {
    const report = await look(host);
    return report?.state === "moving" ? report.operationId : undefined;
  });
  await withAgent(world, host, async (session) => {
    const operation = await session.call("getOperation", { params: { operationId: begun } });
    let isDone = false;
    const see = (seen: string): void => {
      if (isDone || migrationPhases.indexOf(seen as never) < migrationPhases.indexOf(phase as never)) return;
      isDone = true;
      act();
    };
    await session.follow(operation, ({ phase: seen }) => see(seen)).catch(() => undefined); // told by the next up
    see(phase);
  });
  return begun;
}

/** kill -9 of a program and of all that it started, found by /proc while they live. */
function killTree(child: ChildProcess): void {
  const parents = new Map<number, number>();
  for (const name of readdirSync("/proc").filter((each) => /^\d+$/.test(each))) {
    try {
      parents.set(Number(name), Number(readFileSync(`/proc/${name}/stat`, "utf8").split(") ")[1]?.split(" ")[1]));
    } catch {
      // It ended meanwhile.
    }
  }
  const isOurs = (pid: number | undefined): boolean =>
    pid !== undefined && pid > 1 && (pid === child.pid || isOurs(parents.get(pid)));
  for (const pid of [...parents.keys()].filter(isOurs)) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // It ended meanwhile.
    }
  }
}

describe.each<[phase: string, from: Host, to: Host]>([
  ["prepare", "a", "b"],
  ["mirror", "b", "a"],
  ["precopy", "a", "b"],
  ["cutover", "b", "a"],
  ["finish", "a", "b"],
])("an engine and its provider that are killed in the phase %s of a move", (phase, from, to) => {
  test(`from ${from} to ${to} leave it to the source, and the next up reports the same result`, async () => {
    await stack.run("config", "set", "placement", to);
    const up = stack.start("up", "--yes", "--skip-preview");
    const operationId = await atPhase(from, phase, () => killTree(up));
    await waitFor("the engine's end", () => up.exitCode !== null || up.signalCode !== null);
    await stack.unlock();
    await stack.run("up", "--yes", "--skip-preview");
    generation += 1;
    const ended = await withAgent(world, from, (session) => session.call("getOperation", { params: { operationId } }));
    expect(ended).toMatchObject({ state: "succeeded" });
    const { figures } = ended.result as MoveResult;
    expect(await stack.outputs()).toMatchObject({ state: "running", lastMigration: figures });
    expect(await look(to)).toMatchObject({ state: "running", generation });
    expect(await look(from)).toBeUndefined();
    expect((await status()).bootId).toBe(bootId);
    expect(await countMoves()).toBe(generation - 1);
    await stack.run("up", "--yes", "--skip-preview", "--expect-no-changes");
  });
});
