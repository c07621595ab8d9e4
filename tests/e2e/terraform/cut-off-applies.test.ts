// Applies that get into each other's way over hosts of the lab, by the real Terraform (or OpenTofu) with the provider as its
// users have it: the provider is killed in the middle of a create, and two folders that know nothing of each other declare one
// VM at the same moment. There is one VM afterwards, and never a second copy.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { snapshotHost } from "../../../provider/cli/lab/lab";
import { anyCli, describeWithAnyCli, tellSkipped } from "../../unit/terraform/rig/clis";
import { killChildren } from "../world/kill-tree";
import { waitFor } from "../world/wait-for";
import { closeWorld, openWorld, type World, withAgent } from "../world/world";
import { vmsByHost } from "./rig/lab-look";
import { countQemus, holdQemu } from "./rig/lab-qemus";
import { packageProvider } from "./rig/package-provider";
import { hostsConfiguration, webConfiguration } from "./rig/web-configuration";
import { type CliRun, Workspace } from "./rig/workspace";

jest.setTimeout(900_000);

const hosts = ["a", "b"];
const owner = "demo/terraform/cut-off";
const nothing = { a: [], b: [] };
const applying = ["apply", "-auto-approve", "-no-color"];

/** What the CLI itself or a broken provider says; nothing that a person could act on. */
const unclear = /Plugin did not respond|panic:|TypeError|Provider produced|This is a defect/;

if (anyCli === undefined) tellSkipped("what becomes of applies that are cut off, over the lab");

describeWithAnyCli("over the lab", () => {
  let folder: string;
  let world: World;
  let mirror: string;
  let before: string[];
  let joined: Workspace;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "leea-cut-off-"));
    mirror = join(await packageProvider(), "mirror");
    world = await openWorld("cut-off", hosts);
    before = await snapshots();
    joined = await workspaceOf("hosts", hostsConfiguration(world, owner));
    await joined.apply();
  });

  afterAll(async () => {
    await closeWorld(world);
    rmSync(folder, { recursive: true, force: true });
  });

  const snapshots = () => Promise.all(hosts.map((host) => snapshotHost(world.lab, host)));

  /** A folder of its own with a state of its own, initialized. */
  async function workspaceOf(name: string, configuration: object): Promise<Workspace> {
    if (anyCli === undefined) throw new Error("there is no CLI");
    const place = join(folder, name);
    mkdirSync(place);
    writeFileSync(join(place, "main.tf.json"), JSON.stringify(configuration));
    const workspace = new Workspace({ cli: anyCli, folder: place, home: `${place}.cli`, mirror, variables: {} });
    await workspace.init();
    return workspace;
  }

  /** The id of the VM that host a is making, once it says that it is. */
  const beingMade = () =>
    waitFor("the host's own word that it makes the VM", async () => {
      const { vms } = await withAgent(world, "a", (session) => session.call("listVms", {}));
      return vms.find(({ spec, operationId }) => spec.name === "web" && operationId !== undefined)?.vmId;
    });

  /** Starts an apply and kills its provider while host a makes the VM; the host then goes on. */
  async function killInCreate(workspace: Workspace): Promise<{ readonly vmId: string; readonly run: CliRun }> {
    const { child, ended } = workspace.start(...applying);
    const tooEarly = ended.then(({ output }) => {
      throw new Error(`the apply ended before its VM was begun:\n${output}`);
    });
    const goOn = await Promise.race([holdQemu(world, "a"), tooEarly]);
    try {
      const vmId = await beingMade();
      expect(killChildren(child)).toBeGreaterThanOrEqual(1);
      return { vmId, run: await ended };
    } finally {
      goOn();
    }
  }

  const idIn = async (workspace: Workspace) => (await workspace.state())["leea_vm.web"]?.attributes["id"];

  test("a provider that is killed in a create leaves one VM, which the next apply takes over whole", async () => {
    const web = await workspaceOf("killed", webConfiguration(world, owner, "a"));
    const { vmId, run } = await killInCreate(web);
    expect(run).toMatchObject({ status: 1, output: expect.stringContaining("Error:") });
    const left = (await web.state())["leea_vm.web"];
    expect(left === undefined || left.status === "tainted").toBe(true);

    await web.apply();
    expect(await vmsByHost(world)).toEqual({ ...nothing, a: ["web running"] });
    expect(countQemus(world)).toBe(1);
    expect(await idIn(web)).toBe(vmId);
    await web.expectEmptyPlan();

    await web.destroy();
    expect(await vmsByHost(world)).toEqual(nothing);
    expect(countQemus(world)).toBe(0);
  });

  test("two folders that declare one VM at once make it once, and each is told what it has", async () => {
    const declared = webConfiguration(world, owner, "a");
    const both = [await workspaceOf("one", declared), await workspaceOf("other", declared)];
    const ends = await Promise.all(both.map((workspace) => workspace.run(...applying)));
    expect(ends.some(({ status }) => status === 0)).toBe(true);
    const isUnclear = ({ status, output }: CliRun) =>
      unclear.test(output) || (status !== 0 && !/Error: .*web/.test(output));
    expect(ends.filter(isUnclear)).toEqual([]);
    expect(await vmsByHost(world)).toEqual({ ...nothing, a: ["web running"] });
    expect(countQemus(world)).toBe(1);

    for (const workspace of both) await workspace.apply();
    for (const workspace of both) await workspace.expectEmptyPlan();
    const [one, other] = await Promise.all(both.map(idIn));
    expect(one).toBe(other);

    for (const workspace of both) await workspace.destroy();
    expect(await vmsByHost(world)).toEqual(nothing);
    expect(countQemus(world)).toBe(0);
  });

  test("destroy leaves each host as it was before", async () => {
    await joined.destroy();
    expect(await snapshots()).toEqual(before);
  });
});
