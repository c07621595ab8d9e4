// Real hosts keep to the suite that the fake ones pass (tests/conformance): two hosts of a lab of its own, guests of
// 64 MiB that boot a kernel and have no disk. Programs that die are tried where each place costs little.

import { readFile } from "node:fs/promises";
import type { ConformanceWorld } from "../conformance/conformance-world";
import { nodeConformance } from "../conformance/node-conformance";
import { vmConformance } from "../conformance/vm-conformance";
import { runInside } from "./enter-lab";
import { closeWorld, connectionTo, joinInARow, leaveAll, nodeOf, openWorld, type World } from "./world/world";

jest.setTimeout(180_000);

const hosts = ["a", "b"] as const;
let lab: World;
let world: ConformanceWorld;

/** What is durable of the product on a host, and its QEMUs and interfaces, as text. */
const lookInside = `
  for file in /var/lib/leea/records/* /var/lib/leea/mesh.json /var/lib/leea/node.json; do
    if test -f "$file"; then echo "$file $(sha256sum < "$file")"; fi
  done
  ls /var/lib/leea/journal /var/lib/leea/images /var/lib/leea/expected 2>/dev/null || true
  ip -br link | cut -d' ' -f1
`;
const countQemus = `ls -l /proc/[0-9]*/exe 2>/dev/null | grep -c /qemu-system || true`;

beforeAll(async () => {
  const { LEEA_GUEST_KERNEL: kernel, LEEA_GUEST_INITRD: initrd } = process.env;
  if (kernel === undefined || initrd === undefined) throw new Error("the test guest is not named: run `npm test`");
  expect((await readFile(kernel)).length).toBeGreaterThan(0);
  lab = await openWorld("conformance", hosts);
  world = {
    context: lab.context,
    boot: { kernel, initrd, cmdline: "console=ttyS0 quiet" },
    connectionTo: (host) => connectionTo(lab, host),
    deadConnection: { ...connectionTo(lab, "a"), port: 9 },
    snapshot: async () => (await Promise.all(hosts.map((host) => runInside(lab.lab, host, lookInside)))).join("\n--\n"),
    countVms: async () => {
      const counts = await Promise.all(hosts.map((host) => runInside(lab.lab, host, countQemus)));
      return counts.reduce((sum, count) => sum + Number(count), 0);
    },
  };
});

afterAll(() => closeWorld(lab));

describe("a MeshNode on real hosts", () => {
  nodeConformance({ world: () => world, dieInside: false });
});

describe("a VM on real hosts", () => {
  beforeAll(() => joinInARow(lab, hosts));
  afterAll(() => leaveAll(lab));

  vmConformance({ world: () => world, nodeId: (host) => nodeOf(lab, host).id, withUpdates: false });
});
