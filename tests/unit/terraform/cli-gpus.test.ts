// A GPU partition and a VM that takes it, told by the real Terraform over hosts in memory whose GPUs are the agent's own code
// on a fake bus: made, unchanged, changed, moved, replaced, imported, destroyed.

import { rmSync } from "node:fs";
import { join } from "node:path";
import { describeUnderEachCli } from "./rig/clis";
import { twoHosts } from "./rig/configurations";
import { type FakeProvider, startFakeProvider } from "./rig/fake-provider";
import { TerraformFolder } from "./rig/terraform-cli";

/** A partition of the host, `name` and `device` given. */
const partition = (name: string, node: string, lines: string): string => `
resource "leea_gpu_partition" "${name}" {
  name = "${name}"
  node = leea_mesh_node.${node}
  ${lines}
}
`;
const vm = (node: string, gpus: string): string => `
resource "leea_vm" "web" {
  name   = "web"
  node   = leea_mesh_node.${node}
  vcpus  = 1
  memory = "1GiB"
  boot   = { kernel = "./vmlinuz" }
  gpus   = ${gpus}
}
`;
const mdevOn = (node: string): string =>
  partition(`gpu-${node}`, node, 'device = { vendor = "8086", model = "1912" }\n  profile = "small"');
const bothGpus = twoHosts + mdevOn("a") + mdevOn("b");
const bothListed = "[leea_gpu_partition.gpu-a, leea_gpu_partition.gpu-b]";

describeUnderEachCli("GPUs", (cli) => {
  jest.setTimeout(240_000);
  let fake: FakeProvider;
  let terraform: TerraformFolder;
  let buses: string[];

  const busTexts = async () =>
    Promise.all(["a", "b"].map(async (name) => String(await fake.world.host(name).gpus.bus())));

  beforeEach(async () => {
    fake = await startFakeProvider(["a", "b"]);
    terraform = new TerraformFolder(fake, cli);
    buses = await busTexts();
  });

  afterEach(async () => {
    try {
      const { status, output } = await terraform.run("destroy", "-auto-approve", "-no-color");
      if (status !== 0) throw new Error(output);
      expect(await busTexts()).toEqual(buses);
      expect(fake.world.openSessions).toBe(0);
    } finally {
      fake.stop();
    }
  });

  async function applied(body: string, ...words: string[]): Promise<string> {
    terraform.write(body);
    const { status, output } = await terraform.apply(...words);
    if (status !== 0) throw new Error(output);
    expect(await terraform.planned()).toEqual([]);
    return output;
  }

  const attributes = (address: string) => terraform.state()[address]?.attributes ?? {};
  const summaries = async (severity: string) =>
    (await terraform.plan()).flatMap(({ diagnostic }) =>
      diagnostic?.severity === severity ? [`${diagnostic.summary} ${diagnostic.detail}`] : [],
    );

  test("a VM takes a partition as it stands, both new in one apply, and the host says who has it", async () => {
    await applied(twoHosts + mdevOn("a") + vm("a", "[leea_gpu_partition.gpu-a]"));
    const gpu = attributes("leea_gpu_partition.gpu-a");
    expect(gpu).toMatchObject({ chosen_mode: "mdev", profile_name: "small", state: "ready" });
    expect(attributes("leea_vm.web")["gpus"]).toEqual([{ id: gpu["id"], node: { id: "a-aaaaaaaa" } }]);
    const [report] = [...fake.world.host("a").vms.values()];
    expect(report).toMatchObject({ spec: { gpus: [{ partitionId: gpu["id"], nodeId: "a-aaaaaaaa" }] } });
    await terraform.run("refresh");
    expect(attributes("leea_gpu_partition.gpu-a")["held_by"]).toBe(report?.vmId);
  });

  test("one is given by id and host alone, and by a data source of another configuration", async () => {
    await applied(twoHosts + mdevOn("a"));
    const id = String(attributes("leea_gpu_partition.gpu-a")["id"]);
    const data = `data "leea_gpu_partition" "there" {\n  node = leea_mesh_node.a\n  name = "gpu-a"\n}\n`;
    const byData = twoHosts + mdevOn("a") + data + vm("a", "[data.leea_gpu_partition.there]");
    await applied(byData);
    expect(attributes("leea_vm.web")["gpus"]).toEqual([{ id, node: { id: "a-aaaaaaaa" } }]);
    await applied(twoHosts + mdevOn("a") + vm("a", `[{ id = leea_gpu_partition.gpu-a.id, node = leea_mesh_node.a }]`));
  });

  test("another one on the same host is said in the plan, and a VM that lists one for a move moves to it", async () => {
    await applied(bothGpus + vm("a", "[leea_gpu_partition.gpu-a]"));
    terraform.write(bothGpus + vm("a", bothListed));
    expect(await summaries("warning")).toEqual([
      expect.stringContaining("web: goes on running and is updated, because its list of GPUs changes"),
    ]);
    await applied(bothGpus + vm("a", bothListed));
    terraform.write(bothGpus + vm("b", bothListed));
    expect(await summaries("warning")).toEqual([expect.stringContaining("web: moves live from a to b")]);
    await applied(bothGpus + vm("b", bothListed));
    await terraform.run("refresh");
    expect(attributes("leea_gpu_partition.gpu-a")["held_by"]).toBeNull();
    expect(attributes("leea_gpu_partition.gpu-b")["held_by"]).toBe(attributes("leea_vm.web")["id"]);
  });

  test("a changed host and its own GPUs there are one change: the VM moves, and goes on without where none is declared", async () => {
    await applied(bothGpus + vm("a", "[leea_gpu_partition.gpu-a]"));
    const moved = bothGpus + vm("b", "[leea_gpu_partition.gpu-b]");
    terraform.write(moved);
    expect(await summaries("warning")).toEqual([
      expect.stringMatching(/web: moves live from a to b.*one GPU there is plugged in/s),
    ]);
    await applied(moved);
    await terraform.run("refresh");
    const holders = () => ["a", "b"].map((node) => attributes(`leea_gpu_partition.gpu-${node}`)["held_by"]);
    expect(holders()).toEqual([null, attributes("leea_vm.web")["id"]]);
    await applied(bothGpus + vm("a", "[]"));
    await terraform.run("refresh");
    expect(holders()).toEqual([null, null]);
    expect([...fake.world.host("a").vms.values()]).toMatchObject([{ state: "running", generation: 3 }]);
    terraform.write(moved);
    expect(await summaries("warning")).toEqual([
      expect.stringMatching(/moves live from a to b.*then it restarts there, because its GPUs change \(none -> 1\)/s),
    ]);
    await applied(moved);
  });

  test("a VM with partitions of another host only is refused at its `gpus`", async () => {
    await applied(bothGpus);
    terraform.write(bothGpus + vm("a", "[leea_gpu_partition.gpu-b]"));
    expect(await summaries("error")).toEqual([
      expect.stringMatching(/gpus has none of a-aaaaaaaa.*only of b-bbbbbbbb/s),
    ]);
    terraform.write(bothGpus + vm("a", "[leea_gpu_partition.gpu-a, leea_gpu_partition.gpu-a]"));
    expect(await summaries("error")).toEqual([expect.stringContaining("two of them have the id")]);
    await applied(bothGpus);
  });

  test("what it is made of replaces it, its name does not, and what its host lost is made again", async () => {
    await applied(twoHosts + mdevOn("a"));
    const { id } = attributes("leea_gpu_partition.gpu-a");
    terraform.write(twoHosts + mdevOn("a").replace('"small"', '"large"'));
    expect(await terraform.planned()).toEqual(["leea_gpu_partition.gpu-a replace"]);
    await applied(twoHosts + mdevOn("a").replace('"small"', '"large"'));
    expect(attributes("leea_gpu_partition.gpu-a")).toMatchObject({ id, profile_name: "large" });
    const renamed = mdevOn("a").replace('"small"', '"large"').replace('"gpu-a"\n', '"renamed"\n');
    terraform.write(twoHosts + renamed);
    expect(await terraform.planned()).toEqual(["leea_gpu_partition.gpu-a update"]);
    await applied(twoHosts + renamed);
    (await fake.world.host("a").gpus.bus()).reboot();
    expect(await terraform.planned()).toEqual(["leea_gpu_partition.gpu-a update"]);
    await applied(twoHosts + renamed);
    expect(attributes("leea_gpu_partition.gpu-a")).toMatchObject({ id, state: "ready" });
  });

  test("what was made by others is imported by command and by block, and the plan after it is empty", async () => {
    const body = twoHosts + mdevOn("a") + vm("a", "[leea_gpu_partition.gpu-a]");
    await applied(body);
    const address = "leea_gpu_partition.gpu-a";
    const id = String(attributes(address)["id"]);
    expect((await terraform.run("state", "rm", address)).status).toBe(0);
    expect(await terraform.run("import", address, "root@a:22/gpu-a")).toMatchObject({ status: 0 });
    expect(await terraform.planned()).toEqual([]);
    expect((await terraform.run("state", "rm", address, "leea_vm.web")).status).toBe(0);
    const block = (to: string, name: string) => `import {\n  to = ${to}\n  id = "root@a:22/${name}"\n}\n`;
    await applied(body + block(address, id) + block("leea_vm.web", "web"));
    expect(attributes(address)["id"]).toBe(id);
    expect((await terraform.run("state", "rm", address)).status).toBe(0);
    terraform.write(twoHosts + vm("a", `[{ id = "${id}", node = leea_mesh_node.a }]`) + block(address, "gpu-a"));
    const made = await terraform.run("plan", "-no-color", "-generate-config-out=made.tf");
    expect(made.output).toContain("1 to import, 0 to add, 0 to change, 0 to destroy");
    expect((await terraform.apply()).status).toBe(0);
    expect(await terraform.planned()).toEqual([]);
    // What was generated names ids and no resources, by which Terraform knows no order of a destroy.
    rmSync(join(fake.folder, "made.tf"));
    await applied(body);
  });

  test("a partition that its VM still has is not released: the error names the VM, and what is to be done first", async () => {
    await applied(bothGpus + vm("a", "[leea_gpu_partition.gpu-a]"));
    terraform.write(twoHosts + mdevOn("b") + vm("a", "[]"));
    // Terraform destroys what is dropped before it updates what used it.
    const { status, output } = await terraform.apply();
    expect([status, output]).toEqual([
      1,
      expect.stringContaining(`it is given to VM ${String(attributes("leea_vm.web")["id"])}`),
    ]);
    expect(output.replace(/\s+/g, " ")).toContain("Drop it from that VM's `gpus`");
    await applied(bothGpus + vm("a", "[]"));
    await applied(twoHosts + mdevOn("b") + vm("a", "[]"));
    expect(Object.keys(terraform.state())).not.toContain("leea_gpu_partition.gpu-a");
  });

  test("with create_before_destroy a partition is taken from its VM and dropped in one apply", async () => {
    const lasting = mdevOn("a").replace(/\}\n$/, "  lifecycle {\n    create_before_destroy = true\n  }\n}\n");
    await applied(twoHosts + lasting + vm("a", "[leea_gpu_partition.gpu-a]"));
    await applied(twoHosts + vm("a", "[]"));
    expect(Object.keys(terraform.state())).not.toContain("leea_gpu_partition.gpu-a");
  });
});
