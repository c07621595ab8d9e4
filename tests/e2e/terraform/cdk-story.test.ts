// The programs of examples/cdktf and examples/cdktn: written for Terraform by ts-node alone, then applied, moved and destroyed
// by the real Terraform and OpenTofu over hosts of the lab. The tests of a pair are steps of one story, in order.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { snapshotHost } from "../../../provider/cli/lab/lab";
import { synthesize } from "../../unit/cdk/synthesize";
import { type Cli, clis, describeWithCli, tellSkipped } from "../../unit/terraform/rig/clis";
import { closeWorld, openWorld, type World } from "../world/world";
import { bootIdOf, guestFiles, vmsByHost } from "./rig/lab-look";
import { packageProvider } from "./rig/package-provider";
import { Workspace } from "./rig/workspace";

jest.setTimeout(900_000);

const hosts = ["a", "b", "c"];
const kits = ["cdktf", "cdktn"];

tellSkipped("what CDK programs declare, over the lab");

describe.each(kits)("examples/%s", (kit) => {
  describe.each(clis)("under %s", (cli) => {
    describeWithCli(cli)("over the lab", () => tellStory(kit, cli));
  });
});

function tellStory(kit: string, cli: Cli): void {
  let folder: string;
  let world: World;
  let mirror: string;
  let before: string[];
  let workspace: Workspace;
  let address: string;
  let bootId: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), `leea-${kit}-`));
    mirror = join(await packageProvider(), "mirror");
    world = await openWorld(`${cli}-${kit}`, hosts);
    before = await snapshots();
  });

  afterAll(async () => {
    await closeWorld(world);
    rmSync(folder, { recursive: true, force: true });
  });

  const snapshots = () => Promise.all(hosts.map((host) => snapshotHost(world.lab, host)));
  const stackOn = (placement: string): string =>
    synthesize(kit, { folder, labFile: join(world.lab.directory, "lab.json"), placement });

  test("the program is written for Terraform without a CLI, and apply makes what it declares", async () => {
    const stack = stackOn("a");
    workspace = new Workspace({ cli, folder: stack, home: join(folder, "cli"), mirror, variables: guestFiles() });
    await workspace.init();
    await workspace.apply();
    expect(await vmsByHost(world)).toEqual({ a: ["web running"], b: [], c: [] });
    const web = (await workspace.state())["leea_vm.web"];
    expect(web?.attributes).toMatchObject({ state: "running", address: expect.any(String) });
    address = String(web?.attributes["address"]);
    bootId = await bootIdOf(world, { from: "c", address });
    await workspace.expectEmptyPlan();
  });

  test("another PLACEMENT changes the node alone, and apply moves the VM there with its guest running on", async () => {
    stackOn("b");
    expect(await workspace.planned()).toEqual(["leea_vm.web update"]);
    await workspace.apply();
    expect(await vmsByHost(world)).toEqual({ a: [], b: ["web running"], c: [] });
    expect(await bootIdOf(world, { from: "c", address })).toBe(bootId);
    expect((await workspace.state())["leea_vm.web"]?.attributes).toMatchObject({ last_migration: { mode: "live" } });
    await workspace.expectEmptyPlan();
  });

  test("destroy leaves each host as it was before", async () => {
    expect(await workspace.destroy()).toContain("4 destroyed");
    expect(await snapshots()).toEqual(before);
  });
}
