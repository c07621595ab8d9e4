// One example for the provider, for each resource and for each data source, in HCL. They are written to examples/ and into
// the pages of the registry, and together they are one valid configuration. They show what most people need, not every field.

/** What is shown of one resource. `importId` names one that exists already. */
export interface ResourceExample {
  readonly resource: string;
  readonly dataSource: string;
  readonly importId: string;
}

/** How the provider is asked for and configured. */
export const providerExample = `terraform {
  required_providers {
    leea = { source = "leea/leea" }
  }
}

provider "leea" {
  owner = "acme/shop/\${terraform.workspace}"
  ssh   = { user = "ops" }
}
`;

/** Examples by a resource's token. */
export const resourceExamples: Readonly<Record<string, ResourceExample>> = {
  mesh_node: {
    resource: `resource "leea_mesh_node" "a" {
  name = "a"
  mesh = { name = "prod" }
  ssh  = { host = "10.0.0.11" }
}

resource "leea_mesh_node" "b" {
  name  = "b"
  mesh  = { name = "prod" }
  ssh   = { host = "10.0.0.12" }
  peers = [leea_mesh_node.a]
}
`,
    dataSource: `data "leea_mesh_node" "old" {
  ssh = { host = "10.0.0.13" }
}
`,
    importId: "ops@10.0.0.11:22",
  },
  gpu_partition: {
    resource: `resource "leea_gpu_partition" "gpu" {
  name   = "gpu"
  node   = leea_mesh_node.a
  device = { vendor = "nvidia", model = "L40S" }
}

resource "leea_vm" "train" {
  name   = "train"
  node   = leea_mesh_node.a
  gpus   = [leea_gpu_partition.gpu]
  vcpus  = 8
  memory = "32GiB"
  disks  = [{ name = "root", size = "80GiB", image = "./noble.qcow2" }]
}
`,
    dataSource: `data "leea_gpu_partition" "shared" {
  node = leea_mesh_node.a
  name = "shared"
}
`,
    importId: "ops@10.0.0.11:22/gpu",
  },
  vm: {
    resource: `resource "leea_vm" "web" {
  name   = "web"
  node   = leea_mesh_node.a # change to leea_mesh_node.b and apply: the VM moves, running
  vcpus  = 4
  memory = "8GiB"
  disks  = [{ name = "root", size = "20GiB", image = "./noble.qcow2" }]
  nics   = [{ mesh = { ingress = [{ from = "vms", protocol = "tcp", ports = "443" }] } }]
}
`,
    dataSource: `data "leea_vm" "db" {
  node = leea_mesh_node.b
  name = "db"
}
`,
    importId: "ops@10.0.0.11:22/web",
  },
};
