// What Terraform reads of the provider without changing anything: its schema, and data sources.

import { resources } from "../../../schema/index";
import { emitTerraformJson } from "../../../schema/terraform/emit-terraform";
import { describeUnderEachCli } from "./rig/clis";
import { twoHosts, vmOn } from "./rig/configurations";
import { type FakeProvider, startFakeProvider } from "./rig/fake-provider";
import { TerraformFolder } from "./rig/terraform-cli";

describeUnderEachCli("reading", (cli) => {
  jest.setTimeout(120_000);
  let fake: FakeProvider;
  let terraform: TerraformFolder;

  beforeEach(async () => {
    fake = await startFakeProvider(["a", "b"]);
    terraform = new TerraformFolder(fake, cli);
  });
  afterEach(() => fake.stop());

  const sorted = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(sorted);
    if (typeof value !== "object" || value === null) return value;
    const entries = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
    return Object.fromEntries(entries.map(([name, inner]) => [name, sorted(inner)]));
  };

  test("the schema that is generated for bindings and documents, word for word", async () => {
    terraform.write("");
    const { status, output } = await terraform.run("providers", "schema", "-json");
    expect(status).toBe(0);
    const ours = output.replace("registry.opentofu.org", "registry.terraform.io"); // what `leea/leea` means is each CLI's own
    expect(sorted(JSON.parse(ours))).toEqual(sorted(JSON.parse(emitTerraformJson(resources))));
  });

  test("hosts and VMs that exist, by the way to a host and a name", async () => {
    terraform.write(vmOn("a"));
    expect((await terraform.apply()).status).toBe(0);
    const data = `
data "leea_mesh_node" "there" {
  ssh = { host = "a" }
}
data "leea_vm" "there" {
  node = data.leea_mesh_node.there
  name = "web"
}
output "found" {
  value = { host = data.leea_mesh_node.there.id, address = data.leea_vm.there.address, memory = data.leea_vm.there.memory }
}
`;
    terraform.write(vmOn("a") + data);
    expect((await terraform.apply()).status).toBe(0);
    const { output } = await terraform.run("output", "-json", "found");
    expect(JSON.parse(output)).toEqual({ host: fake.world.host("a").nodeId, address: "10.92.0.7", memory: "1GiB" });
    expect(await terraform.planned()).toEqual([]);
  });

  test("what is no plan is never taken for an empty one", async () => {
    terraform.write("");
    expect(await terraform.planned()).toEqual([]);
    await expect(terraform.planned("-help")).rejects.toThrow("that is no plan");
    terraform.write('output "more" {\n  value = 1\n}\n');
    await expect(terraform.planned()).rejects.toThrow("the plan is not empty");
  });

  test("nothing where there is none, and says so at the data source", async () => {
    terraform.write(twoHosts);
    expect((await terraform.apply()).status).toBe(0);
    terraform.write(
      `${twoHosts}\ndata "leea_vm" "none" {\n  node = { id = leea_mesh_node.a.id, ssh = { host = "a" } }\n  name = "none"\n}\n`,
    );
    const errors = (await terraform.plan()).flatMap(({ diagnostic }) =>
      diagnostic?.severity === "error" ? [diagnostic] : [],
    );
    expect(errors).toMatchObject([{ summary: 'That host knows no VM "none"', address: "data.leea_vm.none" }]);
  });
});
