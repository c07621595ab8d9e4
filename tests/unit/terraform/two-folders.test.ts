// Two folders with states of their own, and so without a lock between them, declare one VM of one owner at the same moment:
// their providers have both asked whether it is there when either tells the host to make it.

import type { Hosts } from "../../../provider/controller/handlers/handler-context";
import { FakeWorld } from "../../fakes/fake-hosts";
import { describeUnderEachCli } from "./rig/clis";
import { twoHosts } from "./rig/configurations";
import { type FakeProvider, startFakeProvider } from "./rig/fake-provider";
import { TerraformFolder } from "./rig/terraform-cli";

/** Keeps whoever comes first until as many have come as are awaited. */
class Gate {
  private readonly awaited: number;
  private arrived = 0;
  private open: () => void = () => undefined;
  private readonly opened = new Promise<void>((resolve) => {
    this.open = resolve;
  });

  constructor(awaited: number) {
    this.awaited = awaited;
  }

  pass(): Promise<void> {
    this.arrived += 1;
    if (this.arrived === this.awaited) this.open();
    return this.opened;
  }

  /** The same hosts, which are told to make a VM only through the gate. */
  readonly between = (hosts: Hosts): Hosts => ({
    ...hosts,
    open: async (connection, options) => {
      const session = await hosts.open(connection, options);
      const call: typeof session.call = async (verb, request) => {
        if (verb === "putVm") await this.pass();
        return session.call(verb, request);
      };
      return { ...session, call };
    },
  });
}

const web = (memory: string) => `
data "leea_mesh_node" "a" {
  ssh = { host = "a" }
}
resource "leea_vm" "web" {
  name   = "web"
  node   = data.leea_mesh_node.a
  vcpus  = 1
  memory = "${memory}"
  boot   = { kernel = "./vmlinuz" }
}
`;

describeUnderEachCli("one VM in two folders", (cli) => {
  jest.setTimeout(120_000);
  let world: FakeWorld;
  let fakes: FakeProvider[];
  let folders: TerraformFolder[];

  beforeEach(async () => {
    world = new FakeWorld(["a", "b"]);
    const hosts = await startFakeProvider([], { world });
    const joining = new TerraformFolder(hosts, cli);
    joining.write(twoHosts);
    expect((await joining.apply()).status).toBe(0);
    const { between } = new Gate(2);
    fakes = [hosts, await startFakeProvider([], { world, between }), await startFakeProvider([], { world, between })];
    folders = fakes.slice(1).map((fake) => new TerraformFolder(fake, cli));
  });

  afterEach(() => {
    expect(world.openSessions).toBe(0);
    for (const fake of fakes) fake.stop();
  });

  /** Applies in both at once; each succeeds. */
  async function applyBoth(...memory: readonly string[]): Promise<void> {
    for (const [index, folder] of folders.entries()) folder.write(web(memory[index] ?? ""));
    const ends = await Promise.all(folders.map((folder) => folder.apply()));
    expect(ends.map(({ status, output }) => [status, output])).toEqual(ends.map(() => [0, expect.any(String)]));
    const [one, other] = folders.map((folder) => folder.state()["leea_vm.web"]?.attributes["id"]);
    expect([...world.host("a").vms.keys()]).toEqual([one]);
    expect(other).toBe(one);
  }

  const plans = () => Promise.all(folders.map((folder) => folder.planned()));

  async function destroyBoth(): Promise<void> {
    for (const folder of folders)
      expect(await folder.run("destroy", "-auto-approve", "-no-color")).toMatchObject({ status: 0 });
    expect(world.host("a").vms.size).toBe(0);
  }

  test("that declare the same make it once, and both plans are empty", async () => {
    await applyBoth("1GiB", "1GiB");
    expect(await plans()).toEqual([[], []]);
    await destroyBoth();
  });

  test("that declare it otherwise make it once as well, and each takes it away without an error", async () => {
    await applyBoth("1GiB", "2GiB");
    const [made] = world.host("a").vms.values();
    expect([2 ** 30, 2 ** 31]).toContain(made?.spec.memoryBytes);
    await destroyBoth();
  });
});
