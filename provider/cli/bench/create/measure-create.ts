// Row: twenty VMs on three bare hosts, from the command to the last guest's answer: by `pulumi up`, by a script that
// starts the same QEMUs side by side, and by Terraform with libvirt. Every sample has fresh hosts.

import { asText } from "../../../model/inputs/loose-values";
import { rawName, startRaw } from "../moves/raw-guest";
import { atMostFloor, atMostPeer, bothTargets, makeRow } from "../report/bench-row";
import type { Bench } from "../rig/bench";
import { guestFiles } from "../rig/guest-files";
import { makeProgram } from "../rig/pulumi-program";
import { openWorld, runInHost, type World, wayTo } from "../rig/world";
import { emptyProgram } from "../rows/move-up";
import { createByTerraform, hasTerraform } from "./by-terraform";
import { awaitGuests, createHosts, manyCmdline, manyShape } from "./many-guests";

/** Measures in turns. */
export async function measureCreate(bench: Bench): Promise<void> {
  const count = bench.quick ? 6 : 20;
  const samples = { leea: [] as number[], floor: [] as number[], peer: [] as number[] };
  const notes: string[] = [];
  const ways: (readonly ["leea" | "floor" | "peer", (bench: Bench, count: number) => Promise<number>])[] = [
    ["leea", createByLeea],
    ["floor", createByScript],
  ];
  if (hasTerraform()) ways.push(["peer", createByTerraform]);
  for (let round = 0; round < (bench.quick ? 1 : 2); round += 1) {
    for (const [side, create] of ways) {
      try {
        samples[side].push(await create(bench, count));
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        bench.tell(`${side} failed: ${why}`);
        notes.push(`${side} failed: ${why.replaceAll(/\s+/g, " ").slice(0, 200)}`);
      }
    }
    const [leea, floor, peer] = [samples.leea, samples.floor, samples.peer].map(
      (side) => side.at(-1)?.toFixed(1) ?? "-",
    );
    bench.tell(`${count} VMs, round ${round + 1}: leea ${leea} s, floor ${floor} s, peer ${peer} s`);
  }
  const target = bothTargets(atMostFloor("<= 1.3 x floor", { factor: 1.3 }), atMostPeer("<= 0.5 x peer", 0.5));
  const row = `create ${count} VMs on ${createHosts.length} hosts`;
  const note = [
    `leea also installs its agents and builds the mesh; the peer's hosts have a running libvirtd`,
    ...notes,
  ].join("; ");
  bench.keep([makeRow({ row, unit: "s", samples, target, note })]);
}

async function createByLeea(bench: Bench, count: number): Promise<number> {
  const world = await openWorld(bench, "create", createHosts);
  const program = await makeProgram(bench, "create", sourceOf(world, count));
  const startedAtMs = performance.now();
  await program.up();
  const upSeconds = (performance.now() - startedAtMs) / 1000;
  const { addresses } = (await program.outputs()) as { addresses: readonly unknown[] };
  const readAtMs = performance.now();
  // The addresses are read between the two clocks: nobody needs them to have VMs.
  await awaitGuests(addresses.map((address) => ({ runIn: runInHost(world, "a"), address: asText(address) ?? "" })));
  return upSeconds + (performance.now() - readAtMs) / 1000;
}

function sourceOf(world: World, count: number): string {
  const ways = JSON.stringify(createHosts.map((name) => ({ name, connection: wayTo(world, name) })));
  const boot = JSON.stringify({ ...guestFiles(), cmdline: manyCmdline });
  return `"use strict";
const leea = require("@leea/pulumi");
const nodes = [];
for (const { name, connection } of ${ways})
  nodes.push(new leea.MeshNode(name, { mesh: { name: "bench" }, connection, peers: nodes.slice(0, 1), setup: false }));
const vms = [];
for (let index = 0; index < ${count}; index += 1)
  vms.push(new leea.VM("vm" + index, {
    node: nodes[index % nodes.length], vcpus: 1, memory: "${manyShape.memoryMib}MiB", boot: ${boot},
    disks: [{ name: "data", size: "${manyShape.diskMib}MiB" }],
    nics: [{ mesh: { ingress: [{ from: "nodes" }] } }],
  }));
exports.addresses = vms.map((vm) => vm.address);
`;
}

async function createByScript(bench: Bench, count: number): Promise<number> {
  const world = await openWorld(bench, "create", createHosts);
  const empty = await makeProgram(bench, "empty-create", emptyProgram);
  const startedAtMs = performance.now();
  await empty.up();
  const guests = Array.from({ length: count }, (_, index) => ({
    name: rawName(index),
    host: createHosts[index % createHosts.length] ?? "a",
  }));
  await Promise.all(
    guests.map(({ name, host }) =>
      startRaw(world, host, { name, incoming: false, shape: manyShape, cmdline: manyCmdline }),
    ),
  );
  await awaitGuests(guests.map(({ name, host }) => ({ runIn: runInHost(world, host), address: name.address })));
  return (performance.now() - startedAtMs) / 1000;
}
