// The fake hosts keep to what real ones keep to: they pass the suite that the lab passes (tests/e2e/conformance.test.ts).

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { meshNodeHandler } from "../../provider/controller/handlers/mesh-node";
import { FakeWorld } from "../fakes/fake-hosts";
import type { ConformanceWorld } from "./conformance-world";
import { nodeConformance } from "./node-conformance";
import { vmConformance } from "./vm-conformance";

const connectionTo = (host: string) => ({ host, port: 22, user: "root" });
let fake: FakeWorld;
let folder: string;
let world: ConformanceWorld;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "leea-conformance-"));
  writeFileSync(join(folder, "vmlinuz"), "kernel");
  fake = new FakeWorld(["a", "b", "nobody"]);
  fake.host("nobody").isUp = false;
  const hosts = ["a", "b"].map((name) => fake.host(name));
  world = {
    context: fake.context(folder),
    boot: { kernel: "./vmlinuz" },
    connectionTo,
    deadConnection: connectionTo("nobody"),
    snapshot: async () => hosts.map((host) => host.describe()).join("\n"),
    countVms: async () => hosts.reduce((sum, host) => sum + host.vms.size, 0),
  };
});

afterEach(() => {
  expect(fake.openSessions).toBe(0);
  rmSync(folder, { recursive: true });
});

describe("a MeshNode on fake hosts", () => {
  nodeConformance({ world: () => world, dieInside: true });
});

describe("a VM on fake hosts", () => {
  beforeEach(async () => {
    for (const name of ["a", "b"]) {
      const peers = name === "a" ? [] : [{ id: fake.host("a").nodeId, connection: connectionTo("a") }];
      const declared = {
        owner: "acme/conformance/test",
        name,
        connection: connectionTo(name),
        mesh: { name: "m" },
        peers,
      };
      const { inputs } = await meshNodeHandler.check(declared, undefined, world.context);
      await meshNodeHandler.create(inputs, world.context, () => undefined);
    }
  });

  vmConformance({ world: () => world, nodeId: (host) => fake.host(host).nodeId, withUpdates: true });
});
