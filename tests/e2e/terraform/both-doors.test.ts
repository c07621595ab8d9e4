// Both doors, one story, by the real engines: the same example through the Pulumi CLI and through Terraform's (or OpenTofu's),
// over the same hosts of the lab, one after the other. After each step the hosts report the same.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { snapshotHost } from "../../../provider/cli/lab/lab";
import { anyCli, type Cli, describeWithAnyCli, tellSkipped } from "../../unit/terraform/rig/clis";
import { makeStack, type PulumiStack } from "../world/pulumi-stack";
import { closeWorld, openWorld, type World, withAgent } from "../world/world";
import { exampleText, exampleWorkspace } from "./rig/example-workspace";
import { bootIdOf, stopByHand } from "./rig/lab-look";
import { packageProvider } from "./rig/package-provider";
import { reportHosts } from "./rig/report-hosts";

jest.setTimeout(1_200_000);

const hosts = ["a", "b", "c"];
let world: World;
let folder: string;
let before: string[];
let stack: PulumiStack | undefined;
let toldByPulumi: readonly Step[];

/** One of the two, driven as its user would: the example with the VM placed on a host. */
interface Door {
  up(placement: string): Promise<unknown>;
  down(): Promise<unknown>;
}

/** What the hosts reported after a step. */
interface Step {
  readonly step: string;
  readonly hosts: Record<string, object>;
}

async function pulumiDoor(): Promise<Door> {
  const ours = await makeStack({ labFile: join(world.lab.directory, "lab.json") });
  stack = ours;
  return {
    up: async (placement) => {
      await ours.run("config", "set", "placement", placement);
      await ours.run("up", "--yes", "--skip-preview", "--refresh");
    },
    down: () => ours.run("destroy", "--yes", "--skip-preview"),
  };
}

/** The example in HCL, declared by the same owner as the Pulumi program: who a VM is follows from owner and name. */
async function terraformDoor(cli: Cli, owner: string): Promise<Door> {
  const mirror = join(await packageProvider(), "mirror");
  const workspace = exampleWorkspace(world, { cli, folder: join(folder, "hcl"), mirror });
  const text = exampleText.replace('"demo/terraform/${terraform.workspace}"', JSON.stringify(owner));
  expect(text).not.toBe(exampleText);
  writeFileSync(join(folder, "hcl", "main.tf"), text);
  await workspace.init();
  return {
    up: (placement) => workspace.apply("-var", `placement=${placement}`),
    down: () => workspace.destroy(),
  };
}

const snapshots = () => Promise.all(hosts.map((host) => snapshotHost(world.lab, host)));

const addressOnB = () =>
  withAgent(world, "b", async (session) => {
    const { vms } = await session.call("listVms", {});
    const web = vms.find(({ logicalName }) => logicalName === "web");
    if (web?.address === undefined) throw new Error("host b has no VM web with an address");
    return web.address;
  });

/** Its guest powers itself off on b. */
async function stopWeb(): Promise<void> {
  const guest = { from: "c", address: await addressOnB() };
  await bootIdOf(world, guest);
  await stopByHand(world, "web", guest);
}

const story: readonly (readonly [string, (door: Door) => Promise<unknown>])[] = [
  ["it is made", (door) => door.up("a")],
  ["nothing is changed", (door) => door.up("a")],
  ["it moves live", (door) => door.up("b")],
  ["somebody stops it by hand", stopWeb],
  ["it is started again", (door) => door.up("b")],
  ["it moves on, to a host that its last one is linked to", (door) => door.up("c")],
];

/** Tells the story through a door, to its end: nothing is left. */
async function tell(door: Door): Promise<readonly Step[]> {
  const told: Step[] = [];
  for (const [step, take] of story) {
    await take(door);
    told.push({ step, hosts: await reportHosts(world) });
  }
  await door.down();
  expect(await snapshots()).toEqual(before);
  return told;
}

if (anyCli === undefined) tellSkipped("the story of both doors over the lab");

describeWithAnyCli("both doors over the lab", () => {
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "leea-both-doors-"));
    world = await openWorld("both-doors", hosts);
    before = await snapshots();
  });

  afterAll(async () => {
    await closeWorld(world);
    stack?.drop();
    rmSync(folder, { recursive: true, force: true });
  });

  test("Pulumi tells the story, and leaves nothing", async () => {
    toldByPulumi = await tell(await pulumiDoor());
    expect(toldByPulumi.map(({ step }) => step)).toEqual(story.map(([step]) => step));
  });

  test("Terraform tells it, and the hosts report the same after each step", async () => {
    if (anyCli === undefined) throw new Error("there is no CLI");
    const owner = ownerIn(toldByPulumi);
    expect(await tell(await terraformDoor(anyCli, owner))).toEqual(toldByPulumi);
  });
});

/** Who declares the VM that host a had after the first step. */
function ownerIn([first]: readonly Step[]): string {
  const { vms } = (first?.hosts["a"] ?? { vms: [] }) as { vms: readonly { owner: string }[] };
  const [web] = vms;
  if (web === undefined) throw new Error("no VM was told of");
  return web.owner;
}
