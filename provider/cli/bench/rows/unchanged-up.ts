// Row: `pulumi up` of two hundred resources of which none has changed, beside the same number of a dynamic resource
// that does nothing, under the same engine.

import { atMostFloor, makeRow } from "../report/bench-row";
import type { Bench } from "../rig/bench";
import { guestFiles } from "../rig/guest-files";
import { makeProgram } from "../rig/pulumi-program";
import { openWorld, type World, wayTo } from "../rig/world";

const resources = 200;
const hosts = ["a", "b", "c"] as const;

/** Measures with three hosts and stopped VMs: what runs on a host has no part in an `up` without a change. */
export async function measureUnchanged(bench: Bench): Promise<void> {
  const world = await openWorld(bench, "unchanged", hosts);
  const trivial = await makeProgram(bench, "trivial", trivialSource);
  const ours = await makeProgram(bench, "unchanged", leeaSource(world));
  bench.tell(`making ${resources} resources of each kind`);
  await trivial.up();
  await ours.up();
  const samples = { leea: [] as number[], floor: [] as number[] };
  for (let round = 0; round < bench.count(5); round += 1) {
    samples.floor.push(await trivial.up());
    samples.leea.push(await ours.up());
    bench.tell(
      `up without a change: ${samples.leea.at(-1)?.toFixed(2)} s, trivial ${samples.floor.at(-1)?.toFixed(2)} s`,
    );
  }
  const target = atMostFloor("<= 1.2 x floor", { factor: 1.2 });
  bench.keep([makeRow({ row: `up with ${resources} resources and no change`, unit: "s", samples, target })]);
}

const trivialSource = `"use strict";
const pulumi = require("@pulumi/pulumi");
const provider = {
  check: async (olds, news) => ({ inputs: news, failures: [] }),
  diff: async () => ({ changes: false }),
  create: async (inputs) => ({ id: inputs.name, outs: inputs }),
};
class Trivial extends pulumi.dynamic.Resource {
  constructor(name) { super(provider, name, { name }); }
}
for (let index = 0; index < ${resources}; index += 1) new Trivial("trivial" + index);
`;

function leeaSource(world: World): string {
  const ways = JSON.stringify(hosts.map((name) => ({ name, connection: wayTo(world, name) })));
  return `"use strict";
const leea = require("@leea/pulumi");
const boot = ${JSON.stringify({ ...guestFiles(), cmdline: "console=ttyS0" })};
const nodes = [];
for (const { name, connection } of ${ways})
  nodes.push(new leea.MeshNode(name, { mesh: { name: "bench" }, connection, peers: nodes.slice(0, 1), setup: false }));
for (let index = nodes.length; index < ${resources}; index += 1)
  new leea.VM("vm" + index, {
    node: nodes[index % nodes.length], vcpus: 1, memory: "64MiB", powerState: "stopped", disks: [], boot,
  });
`;
}
