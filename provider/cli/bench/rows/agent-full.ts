// Row: what the agent of a host with fifty VMs holds in memory. The VMs are the product's own in every respect but
// QEMU, for which a stand-in runs: fifty guests would measure the machine.

import { readlinkSync } from "node:fs";
import { openHost } from "../../../controller/host-session";
import { atMost, type BenchRow, makeRow } from "../report/bench-row";
import { readRssBytes, startBareServer } from "../rig/bare-server";
import type { Bench } from "../rig/bench";
import { installFakeQemu } from "../rig/fake-qemu-program";
import { makeNode, makeVm, openWorld, pathIn, vmOn, type World, wayTo } from "../rig/world";

const mebi = 2 ** 20;
const atOnce = 5;

/** Measures on a host of its own. */
export async function measureFullHost(bench: Bench): Promise<readonly BenchRow[]> {
  const count = bench.quick ? 10 : 50;
  const world = await openWorld(bench, "full", ["f"]);
  const node = await makeNode(world, "f", []);
  const session = await openHost(wayTo(world, "f"), { install: "never" });
  const { pid } = await session.call("getHealth", {});
  installFakeQemu(world, "f", runtimeOf(world, pid));
  const names = Array.from({ length: count }, (_, index) => `vm${index}`);
  const makeSome = async (): Promise<void> => {
    for (let name = names.pop(); name !== undefined; name = names.pop()) {
      await makeVm(world, vmOn(world, node, { logicalName: name, name, memory: "64MiB", disks: [] }));
    }
  };
  bench.tell(`${count} VMs with a stand-in for QEMU`);
  await Promise.all(Array.from({ length: atOnce }, makeSome));
  const samples = { leea: [] as number[], floor: [] as number[] };
  const bare = await startBareServer(bench, world, "f");
  for (let look = 0; look < bench.count(5); look += 1) {
    for (let call = 0; call < 20; call += 1) await session.call("listVms", {});
    samples.leea.push((await session.call("getHealth", {})).rssBytes / mebi);
    samples.floor.push(readRssBytes(bare.pid) / mebi);
  }
  session.close();
  const row = `agent memory with ${count} VMs`;
  return [makeRow({ row, unit: "MiB", samples, target: atMost(150, "MiB"), note: "QEMU is a stand-in" })];
}

/** The Node that runs the agent, as the host names it: its number in our own process namespace is another one. */
function runtimeOf(world: World, pid: number): string {
  return readlinkSync(pathIn(world, "f", `/proc/${pid}/exe`));
}
