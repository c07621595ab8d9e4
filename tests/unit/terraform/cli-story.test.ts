// The story of a host and a VM, told by the real Terraform over hosts in memory: made, unchanged, moved, drifted, imported,
// tainted, destroyed.

import { anyCli, describeWithAnyCli } from "./rig/clis";
import { twoHosts, vmOn } from "./rig/configurations";
import { type FakeProvider, startFakeProvider } from "./rig/fake-provider";
import { TerraformFolder } from "./rig/terraform-cli";

let fake: FakeProvider;
let terraform: TerraformFolder;

describeWithAnyCli("Terraform over hosts in memory", () => {
  jest.setTimeout(120_000);

  beforeEach(async () => {
    fake = await startFakeProvider(["a", "b"]);
    terraform = new TerraformFolder(fake);
  });

  afterEach(() => {
    expect(fake.world.openSessions).toBe(0);
    fake.stop();
  });

  async function applied(body: string, ...words: string[]): Promise<string> {
    terraform.write(body);
    const { status, output } = await terraform.apply(...words);
    expect([status, output]).toEqual([0, expect.any(String)]);
    return output;
  }

  const vmId = () => String(terraform.state()["leea_vm.web"]?.attributes["id"]);

  test("makes what is declared, and the second plan is empty", async () => {
    await applied(vmOn("a"));
    expect(fake.world.host("a").vms.get(vmId())).toMatchObject({ state: "running", owner: "acme/shop/prod" });
    expect(terraform.state()["leea_vm.web"]?.attributes).toMatchObject({
      state: "running",
      vm_id: vmId(),
      cpu: "portable",
    });
    expect(await terraform.planned()).toEqual([]);
  });

  test("a changed node is an update in place whose verdict is a warning, and the VM moves", async () => {
    await applied(vmOn("a"));
    const id = vmId();
    terraform.write(vmOn("b"));
    const lines = await terraform.plan();
    const warnings = lines.flatMap(({ diagnostic }) => (diagnostic === undefined ? [] : [diagnostic]));
    expect(warnings).toMatchObject([
      { severity: "warning", address: "leea_vm.web", summary: expect.stringContaining("web: moves live from a to b") },
    ]);
    expect(await terraform.planned()).toEqual(["leea_vm.web update"]);
    await applied(vmOn("b"));
    expect(fake.world.host("a").vms.size).toBe(0);
    expect([...fake.world.host("b").vms.keys()]).toEqual([id]);
    expect(terraform.state()["leea_vm.web"]?.attributes).toMatchObject({ id, last_migration: { mode: "live" } });
    expect(await terraform.planned()).toEqual([]);
  });

  test("a refused move is an error of the plan, at node", async () => {
    await applied(vmOn("a"));
    fake.world.host("b").meshName = "another";
    terraform.write(vmOn("b"));
    const errors = (await terraform.plan()).filter(({ diagnostic }) => diagnostic?.severity === "error");
    expect(errors).toHaveLength(1);
    expect(errors[0]?.diagnostic).toMatchObject({
      address: "leea_vm.web",
      summary: expect.stringContaining("cannot move live from a to b"),
      snippet: { code: expect.stringContaining("node") },
    });
  });

  test("the same size in other words is no change, and the state keeps the first words", async () => {
    await applied(vmOn("a"));
    terraform.write(vmOn("a", { memory: '"1024MiB"' }));
    expect(await terraform.planned()).toEqual([]);
    await applied(vmOn("a", { memory: '"1024MiB"', vcpus: "2" }));
    expect(terraform.state()["leea_vm.web"]?.attributes["memory"]).toBe("1GiB");
  });

  test("a VM that was stopped by hand is seen by the plan, and runs again after the apply", async () => {
    await applied(vmOn("a"));
    const report = fake.world.host("a").vms.get(vmId());
    if (report === undefined) throw new Error("no VM");
    fake.world.host("a").vms.set(vmId(), { ...report, state: "stopped" });
    expect(await terraform.planned()).toEqual(["leea_vm.web update"]);
    await applied(vmOn("a"));
    expect(fake.world.host("a").vms.get(vmId())?.state).toBe("running");
    expect(await terraform.planned()).toEqual([]);
  });

  test("what was made by others is imported into an empty state, and the plan after it is empty", async () => {
    await applied(vmOn("a"));
    const id = vmId();
    expect((await terraform.run("state", "rm", "leea_vm.web", "leea_mesh_node.a")).status).toBe(0);
    expect(await terraform.run("import", "leea_mesh_node.a", "root@a:22")).toMatchObject({ status: 0 });
    expect(await terraform.run("import", "leea_vm.web", "root@a:22/web")).toMatchObject({ status: 0 });
    expect(vmId()).toBe(id);
    expect(await terraform.planned()).toEqual([]);
  });

  test("an import block writes the configuration of what it finds", async () => {
    await applied(vmOn("a"));
    expect((await terraform.run("state", "rm", "leea_vm.web")).status).toBe(0);
    terraform.write(`${twoHosts}\nimport {\n  to = leea_vm.web\n  id = "root@a:22/web"\n}\n`);
    const made = await terraform.run("plan", "-no-color", "-generate-config-out=made.tf");
    expect(made.output).toContain("1 to import, 0 to add, 0 to change, 0 to destroy");
    expect((await terraform.apply()).status).toBe(0);
    expect(await terraform.planned()).toEqual([]);
  });

  test("a create that failed on its host is tainted, and the next apply converges", async () => {
    const { LeeaError } = await import("../../../provider/model/errors");
    fake.world.host("a").failNextPut = new LeeaError({ code: "START_FAILED", message: "QEMU did not start" });
    terraform.write(vmOn("a"));
    const failed = await terraform.apply();
    expect(failed.status).toBe(1);
    expect(failed.output).toContain("QEMU did not start");
    expect(terraform.state()["leea_vm.web"]?.status).toBe("tainted");
    await applied(vmOn("a"));
    expect(terraform.state()["leea_vm.web"]?.status).toBeUndefined();
    expect(fake.world.host("a").vms.size).toBe(1);
    expect(await terraform.planned()).toEqual([]);
  });

  test("a host that does not answer at the plan is warned of, and the state stays", async () => {
    await applied(vmOn("a"));
    fake.world.host("a").isUp = false;
    const lines = await terraform.plan();
    expect(lines.filter(({ diagnostic }) => diagnostic?.severity === "error")).toEqual([]);
    expect(
      lines.map(({ diagnostic }) => diagnostic?.summary).filter((text) => text?.includes("does not answer")),
    ).toHaveLength(2);
    expect(lines.filter(({ type }) => type === "planned_change")).toEqual([]);
  });

  test("a replacement that is asked for makes the VM anew; with create_before_destroy it is the same VM, adopted", async () => {
    await applied(vmOn("a"));
    await applied(vmOn("a"), "-replace=leea_vm.web");
    expect(terraform.state()["leea_vm.web"]?.attributes).toMatchObject({ incarnation: 1 });
    const lasting = vmOn("a", { lifecycle: "KEEP" }).replace(
      "lifecycle = KEEP",
      "lifecycle {\n    create_before_destroy = true\n  }",
    );
    await applied(lasting);
    const output = await applied(lasting, "-replace=leea_vm.web");
    expect(output).toContain("existed already and was adopted");
    expect(terraform.state()["leea_vm.web"]?.attributes).toMatchObject({ incarnation: 2, state: "running" });
    expect(fake.world.host("a").vms.size).toBe(1);
    expect(await terraform.planned()).toEqual([]);
  });

  test("VMs under for_each are told apart by their names, and two of one name are refused at the plan", async () => {
    const each = vmOn("a", { for_each: 'toset(["x", "y"])', name: '"web-${each.key}"' });
    await applied(each);
    expect(fake.world.host("a").vms.size).toBe(2);
    terraform.write(vmOn("a", { for_each: 'toset(["x", "y"])' }).replace('"leea_vm" "web"', '"leea_vm" "twice"'));
    const errors = (await terraform.plan()).filter(({ diagnostic }) => diagnostic?.severity === "error");
    expect(errors).toMatchObject([{ diagnostic: { detail: expect.stringContaining("for_each") } }]);
  });

  test("destroy leaves nothing", async () => {
    await applied(vmOn("a"));
    const { status, output } = await terraform.run("destroy", "-auto-approve", "-no-color");
    expect([status, output]).toEqual([0, expect.stringContaining("3 destroyed")]);
    for (const name of ["a", "b"]) expect(fake.world.host(name)).toMatchObject({ hasAgent: false, vms: new Map() });
  });
});

if (anyCli === undefined) console.warn("there is neither terraform nor tofu: the tests that drive them are skipped");
