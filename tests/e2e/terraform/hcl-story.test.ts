// examples/terraform under the real Terraform and OpenTofu, over hosts of the lab: made, unchanged, moved live, imported
// elsewhere, stopped by hand, failed and mended, destroyed. The tests of a CLI are steps of one story, in order.

import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { snapshotHost } from "../../../provider/cli/lab/lab";
import { type Cli, clis, describeWithCli, tellSkipped } from "../../unit/terraform/rig/clis";
import { type PlanLine, plannedChanges, type StateResource } from "../../unit/terraform/rig/read-plan";
import { closeWorld, openWorld, type World } from "../world/world";
import { type ExamplePlace, exampleWorkspace } from "./rig/example-workspace";
import { importId, importingConfiguration } from "./rig/importing-configuration";
import { bootIdOf, guestFiles, stopByHand, vmsByHost } from "./rig/lab-look";
import { packageProvider } from "./rig/package-provider";
import type { Workspace } from "./rig/workspace";

jest.setTimeout(900_000);

const hosts = ["a", "b", "c"];
const owner = "demo/terraform/default";
const onB = ["-var", "placement=b"];

/** A second VM, whose kernel is a file beside the configuration. */
const spare = `
resource "leea_vm" "spare" {
  name   = "spare"
  node   = leea_mesh_node.c
  vcpus  = 1
  memory = "128MiB"
  boot   = { kernel = "./spare-kernel", initrd = var.initrd, cmdline = "console=ttyS0 no_timer_check" }
  disks  = [{ name = "data", size = "16MiB" }]
}
`;

/** What a plan says of one resource beside its change: `SEVERITY: SUMMARY`. */
const toldOf = (address: string, lines: readonly PlanLine[]) =>
  lines.flatMap(({ diagnostic }) =>
    diagnostic?.address === address ? [`${diagnostic.severity}: ${diagnostic.summary}`] : [],
  );

tellSkipped("the story of examples/terraform over the lab");

describe.each(clis)("examples/terraform under %s", (cli) => {
  describeWithCli(cli)("over the lab", () => tellStory(cli));
});

function tellStory(cli: Cli): void {
  let folder: string;
  let world: World;
  let packages: string;
  let before: string[];
  let workspace: Workspace;
  let vmId: string;
  let address: string;
  let bootId: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), `leea-${cli}-`));
    packages = await packageProvider();
    world = await openWorld(`${cli}-hcl`, hosts);
    before = await snapshots();
  });

  afterAll(async () => {
    await closeWorld(world);
    rmSync(folder, { recursive: true, force: true });
  });

  const snapshots = () => Promise.all(hosts.map((host) => snapshotHost(world.lab, host)));
  const placeOf = (name: string, mirror = "mirror"): ExamplePlace => ({
    cli,
    folder: join(folder, name),
    mirror: join(packages, mirror),
  });
  const resource = async (name: string): Promise<StateResource> => {
    const found = (await workspace.state())[name];
    if (found === undefined) throw new Error(`the state has no ${name}`);
    return found;
  };

  test("init takes the provider from the mirrors that `npm run package` made, zipped and unpacked", async () => {
    for (const mirror of ["zip-mirror", "mirror"]) {
      workspace = exampleWorkspace(world, placeOf(`in-${mirror}`, mirror));
      expect(await workspace.init()).toMatch(/Installed leea\/leea v/);
    }
  });

  test("apply makes three hosts and a VM, and the second plan is empty", async () => {
    await workspace.apply();
    expect(await vmsByHost(world)).toEqual({ a: ["web running"], b: [], c: [] });
    expect(Object.keys(await workspace.state()).sort()).toEqual([
      "leea_mesh_node.a",
      "leea_mesh_node.b",
      "leea_mesh_node.c",
      "leea_vm.web",
    ]);
    const { attributes } = await resource("leea_vm.web");
    expect(attributes).toMatchObject({ state: "running", generation: 1, address: expect.any(String) });
    [vmId, address] = [String(attributes["id"]), String(attributes["address"])];
    bootId = await bootIdOf(world, { from: "c", address });
    await workspace.expectEmptyPlan();
  });

  test("the plan of another node is an update in place that warns of a live move, and touches nothing", async () => {
    const lines = await workspace.plan(...onB);
    expect(plannedChanges(lines)).toEqual(["leea_vm.web update"]);
    const live = /^warning: web: moves live from a to b, because node changed$/;
    expect(toldOf("leea_vm.web", lines)).toContainEqual(expect.stringMatching(live));
    expect(await vmsByHost(world)).toEqual({ a: ["web running"], b: [], c: [] });
  });

  test("apply moves it there with the guest running on, and the plan after it is empty", async () => {
    await workspace.apply(...onB);
    expect(await vmsByHost(world)).toEqual({ a: [], b: ["web running"], c: [] });
    expect(await bootIdOf(world, { from: "c", address })).toBe(bootId);
    const { attributes } = await resource("leea_vm.web");
    const lastMigration = { mode: "live", downtime_ms: expect.any(Number) };
    const moved = { id: vmId, address, state: "running", generation: 2, last_migration: lastMigration };
    expect(attributes).toMatchObject(moved);
    await workspace.expectEmptyPlan(...onB);
  });

  test("the VM and a host are imported into an empty state, and the plan after it is empty", async () => {
    const elsewhere = exampleWorkspace(world, placeOf("elsewhere"));
    writeFileSync(join(folder, "elsewhere", "main.tf"), importingConfiguration(world, owner));
    await elsewhere.init();
    expect(await elsewhere.state()).toEqual({});
    await elsewhere.succeed("import", "-no-color", "leea_vm.web", importId(world, "b", "web"));
    await elsewhere.succeed("import", "-no-color", "leea_mesh_node.a", importId(world, "a"));
    const imported = await elsewhere.state();
    expect(imported["leea_vm.web"]?.attributes).toMatchObject({ id: vmId, address, state: "running" });
    expect(imported["leea_mesh_node.a"]?.attributes["id"]).toBe((await resource("leea_mesh_node.a")).attributes["id"]);
    await elsewhere.expectEmptyPlan();
  });

  test("a VM that was stopped by hand is seen by the plan, and runs again after the apply", async () => {
    await stopByHand(world, "web", { from: "c", address });
    const lines = await workspace.plan(...onB);
    expect(plannedChanges(lines)).toEqual(["leea_vm.web update"]);
    const starts = /^warning: web: starts, because it is stopped and declared running$/;
    expect(toldOf("leea_vm.web", lines)).toContainEqual(expect.stringMatching(starts));
    await workspace.apply(...onB);
    expect(await vmsByHost(world)).toEqual({ a: [], b: ["web running"], c: [] });
    expect(await bootIdOf(world, { from: "c", address })).not.toBe(bootId);
    await workspace.expectEmptyPlan(...onB);
  });

  test("a create that fails on its host is tainted, and the next apply converges", async () => {
    const ours = join(folder, "in-mirror");
    writeFileSync(join(ours, "spare.tf"), spare);
    writeFileSync(join(ours, "spare-kernel"), "no kernel\n");
    const failed = await workspace.run("apply", "-auto-approve", "-no-color", ...onB);
    expect(failed).toMatchObject({ status: 1, output: expect.stringContaining("Unable to start QEMU") });
    expect((await resource("leea_vm.spare")).status).toBe("tainted");

    copyFileSync(guestFiles().kernel, join(ours, "spare-kernel"));
    expect(await workspace.planned(...onB)).toEqual(["leea_vm.spare replace"]);
    await workspace.apply(...onB);
    expect((await resource("leea_vm.spare")).status).toBeUndefined();
    expect(await vmsByHost(world)).toEqual({ a: [], b: ["web running"], c: ["spare running"] });
    await workspace.expectEmptyPlan(...onB);
  });

  test("destroy leaves each host as it was before", async () => {
    expect(await workspace.destroy(...onB)).toContain("5 destroyed");
    expect(await workspace.state()).toEqual({});
    expect(await snapshots()).toEqual(before);
  });
}
