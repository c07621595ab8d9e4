// Row: `pulumi up` of one changed line that moves a running VM, beside an `up` of nothing and one and a half moves.

import { setTimeout as wait } from "node:timers/promises";
import { atMostFloor, makeRow } from "../report/bench-row";
import type { Bench } from "../rig/bench";
import { guestFiles } from "../rig/guest-files";
import { makeProgram } from "../rig/pulumi-program";
import { openWorld, type World, wayTo } from "../rig/world";

const hosts = ["a", "b"] as const;
const settleMs = 2_000;

/** The engine with a program that declares nothing: what no provider can be quicker than. */
export const emptyProgram = `"use strict";\nrequire("@pulumi/pulumi");\n`;

/** Measures on two hosts. */
export async function measureMoveUp(bench: Bench): Promise<void> {
  const world = await openWorld(bench, "up", hosts);
  const empty = await makeProgram(bench, "empty", emptyProgram);
  const program = await makeProgram(bench, "up", sourceOf(world, "a"));
  bench.tell("making two hosts and a VM");
  await empty.up();
  await program.up();
  await wait(settleMs);
  const samples = { leea: [] as number[], floor: [] as number[] };
  const moves: number[] = [];
  for (let round = 0; round < bench.count(5); round += 1) {
    const emptySeconds = await empty.up();
    program.change(sourceOf(world, round % 2 === 0 ? "b" : "a"));
    samples.leea.push(await program.up());
    const { lastMigration } = (await program.outputs()) as { lastMigration: { totalMs: number } };
    const moveSeconds = lastMigration.totalMs / 1000;
    moves.push(moveSeconds);
    samples.floor.push(emptySeconds + 1.5 * moveSeconds);
    bench.tell(
      `up with a move: ${samples.leea.at(-1)?.toFixed(2)} s; empty ${emptySeconds.toFixed(2)} s, move ${moveSeconds.toFixed(2)} s`,
    );
  }
  const note = `the floor is an empty up and 1.5 times the same run's move, which took ${Math.min(...moves).toFixed(2)} to ${Math.max(...moves).toFixed(2)} s`;
  const target = atMostFloor("<= empty up + 1.5 x move", {});
  bench.keep([makeRow({ row: "up of one move", unit: "s", samples, target, note })]);
}

function sourceOf(world: World, placement: string): string {
  const ways = JSON.stringify(hosts.map((name) => ({ name, connection: wayTo(world, name) })));
  const boot = JSON.stringify({ ...guestFiles(), cmdline: "console=ttyS0 quiet leea.ws=64" });
  return `"use strict";
const leea = require("@leea/pulumi");
const nodes = {};
for (const { name, connection } of ${ways})
  nodes[name] = new leea.MeshNode(name, { mesh: { name: "bench" }, connection, peers: Object.values(nodes), setup: false });
const vm = new leea.VM("web", {
  node: nodes[${JSON.stringify(placement)}], vcpus: 1, memory: "256MiB", boot: ${boot},
  disks: [{ name: "data", size: "64MiB" }],
});
exports.lastMigration = vm.lastMigration.apply((last) => last ?? { totalMs: 0 });
`;
}
