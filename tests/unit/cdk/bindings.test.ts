// The classes that CDK programs use, seen by each kit's own `Testing`: what a program says is what Terraform is given.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { kits } from "./kits";

const root = join(__dirname, "../../..");
const readJson = (file: string) => JSON.parse(readFileSync(join(root, file), "utf8")) as Record<string, never>;

describe.each(kits)("@leea/$name", ({ name, cdk, leea }) => {
  const { Testing, TerraformStack } = cdk;
  const { DataLeeaMeshNode, GpuPartition, LeeaProvider, MeshNode, Vm } = leea;
  const connect = { host: "10.0.0.11" };
  const mesh = { name: "prod" };

  const twoNodes = () => {
    const stack = new TerraformStack(Testing.app(), "shop");
    const a = new MeshNode(stack, "a", { name: "a", mesh, ssh: connect });
    const b = new MeshNode(stack, "b", { name: "b", mesh, ssh: { host: "10.0.0.12", port: 2222 }, peers: [a] });
    return { stack, a, b };
  };

  const vm = { name: "web", vcpus: 4, memory: "8GiB" };

  test("a host given as a resource is its id and the way to it", () => {
    const { stack, b } = twoNodes();
    new Vm(stack, "web", { ...vm, nodeAttribute: b });
    const node = { id: "${leea_mesh_node.b.id}", ssh: "${leea_mesh_node.b.ssh}" };
    expect(
      Testing.toHaveResourceWithProperties(Testing.synth(stack), Vm.tfResourceType, { name: "web", vcpus: 4, node }),
    ).toBe(true);
  });

  test("a host of another stack is given by id and way", () => {
    const { stack } = twoNodes();
    new Vm(stack, "web", { ...vm, nodeAttribute: { id: "a-aaaaaaaa", ssh: { host: "h", hostKey: "ssh-ed25519 A" } } });
    const node = { id: "a-aaaaaaaa", ssh: { host: "h", host_key: "ssh-ed25519 A" } };
    expect(Testing.toHaveResourceWithProperties(Testing.synth(stack), "leea_vm", { node })).toBe(true);
  });

  test("peers are hosts, and names are spelled as Terraform has them", () => {
    const { stack } = twoNodes();
    const peers = [{ id: "${leea_mesh_node.a.id}", ssh: "${leea_mesh_node.a.ssh}" }];
    const ssh = { host: "10.0.0.12", port: 2222 };
    expect(Testing.toHaveResourceWithProperties(Testing.synth(stack), "leea_mesh_node", { peers, ssh })).toBe(true);
  });

  test("lists of objects, and what is left out, reach Terraform as they were written", () => {
    const { stack, a } = twoNodes();
    const web = new Vm(stack, "web", {
      ...vm,
      nodeAttribute: a,
      disks: [
        { name: "root", size: "20GiB", image: "./noble.qcow2" },
        { name: "data", size: "1TiB" },
      ],
      nics: [{ mesh: { ingress: [{ from: "vms", protocol: "tcp", ports: "443" }] } }],
      migration: { mode: "cold", maxBandwidth: "2Gbps" },
      timeouts: { create: "10m" },
    });
    new cdk.TerraformOutput(stack, "downtime", { value: web.lastMigration.downtimeMs });
    const synthesized = JSON.parse(Testing.synth(stack)) as {
      resource: { leea_vm: { web: object } };
      output: { downtime: { value: string } };
    };
    expect(synthesized.resource.leea_vm.web).toEqual({
      ...vm,
      node: { id: "${leea_mesh_node.a.id}", ssh: "${leea_mesh_node.a.ssh}" },
      disks: [
        { name: "root", size: "20GiB", image: "./noble.qcow2" },
        { name: "data", size: "1TiB" },
      ],
      nics: [{ mesh: { ingress: [{ from: "vms", protocol: "tcp", ports: "443" }] } }],
      migration: { mode: "cold", max_bandwidth: "2Gbps" },
      timeouts: { create: "10m" },
    });
    expect(synthesized.output.downtime.value).toBe("${leea_vm.web.last_migration.downtime_ms}");
  });

  test("a GPU is given as the partition that it is, or by its id and its host", () => {
    const { stack, a } = twoNodes();
    const gpu = new GpuPartition(stack, "gpu", { name: "gpu", nodeAttribute: a, device: { vendor: "nvidia" } });
    const id = "${leea_gpu_partition.gpu.id}";
    new Vm(stack, "web", {
      ...vm,
      nodeAttribute: a,
      gpus: [gpu, { id: gpu.id, nodeAttribute: a }, { id: "x".repeat(26), nodeAttribute: { id: "b-bbbbbbbb" } }],
    });
    const { resource } = JSON.parse(Testing.synth(stack)) as { resource: { leea_vm: { web: { gpus: unknown } } } };
    expect(resource.leea_vm.web.gpus).toEqual([
      { id, node: "${leea_gpu_partition.gpu.node}" },
      { id, node: { id: "${leea_mesh_node.a.id}" } },
      { id: "x".repeat(26), node: { id: "b-bbbbbbbb" } },
    ]);
  });

  test("the provider is asked for in the version of the package or a later patch of it, under the default host of either CLI", () => {
    const { stack } = twoNodes();
    new LeeaProvider(stack, "leea", { owner: "acme/shop/prod", ssh: { user: "ops" }, credentials: {} });
    const text = Testing.synth(stack);
    const { version } = readJson(`sdk/${name}/package.json`);
    expect(JSON.parse(text)).toMatchObject({
      terraform: { required_providers: { leea: { source: "leea/leea", version: `~> ${version}` } } },
    });
    expect(
      Testing.toHaveProviderWithProperties(text, LeeaProvider.tfResourceType, {
        owner: "acme/shop/prod",
        ssh: { user: "ops" },
      }),
    ).toBe(true);
  });

  test("a host that is a node already is read by a data source", () => {
    const { stack } = twoNodes();
    new DataLeeaMeshNode(stack, "old", { ssh: { host: "10.0.0.13" } });
    const text = Testing.synth(stack);
    expect(Testing.toHaveDataSourceWithProperties(text, "leea_mesh_node", { ssh: { host: "10.0.0.13" } })).toBe(true);
  });

  test("every resource and data source of the provider has its class", () => {
    const schema = Object.values(readJson("schema/generated/terraform.json")["provider_schemas"]!)[0] as {
      resource_schemas: object;
      data_source_schemas: object;
    };
    const classes = Object.values(leea) as { tfResourceType?: string; prototype?: object }[];
    const typesBelow = (base: { prototype: object }) =>
      classes
        .filter(({ prototype }) => prototype !== undefined && base.prototype.isPrototypeOf(prototype))
        .map(({ tfResourceType }) => String(tfResourceType))
        .sort();
    expect(typesBelow(cdk.TerraformResource)).toEqual(Object.keys(schema.resource_schemas).sort());
    expect(typesBelow(cdk.TerraformDataSource)).toEqual(Object.keys(schema.data_source_schemas).sort());
  });
});
