# Three hosts in one mesh and a VM. Give another `placement` and apply: the VM moves there, running.
#   tofu apply -var placement=b

terraform {
  required_providers {
    leea = { source = "leea/leea" }
  }
}

variable "placement" {
  description = "the host that the VM runs on: a, b or c"
  type        = string
  default     = "a"
}

# The lab's record, as `leea lab up` writes it; for hosts of your own write such a file.
variable "lab_file" {
  description = "a JSON file: {hosts: [{name, address, port, hostKey}], identityFile}"
  type        = string
  default     = "/var/lib/leea-lab/default/lab.json"
}

variable "kernel" {
  description = "path of the guest's kernel"
  type        = string
  default     = "./vmlinuz"
}

variable "initrd" {
  description = "path of the guest's initial RAM disk"
  type        = string
  default     = "./initrd.gz"
}

locals {
  lab   = jsondecode(file(var.lab_file))
  hosts = { for host in local.lab.hosts : host.name => { host = host.address, port = host.port, host_key = host.hostKey } }
  mesh  = { name = "demo" }
  nodes = { a = leea_mesh_node.a, b = leea_mesh_node.b, c = leea_mesh_node.c }
}

provider "leea" {
  owner = "demo/terraform/${terraform.workspace}"
  ssh   = { identity = local.lab.identityFile }
}

resource "leea_mesh_node" "a" {
  name = "a"
  mesh = local.mesh
  ssh  = local.hosts.a
}

resource "leea_mesh_node" "b" {
  name  = "b"
  mesh  = local.mesh
  ssh   = local.hosts.b
  peers = [leea_mesh_node.a]
}

resource "leea_mesh_node" "c" {
  name  = "c"
  mesh  = local.mesh
  ssh   = local.hosts.c
  peers = [leea_mesh_node.b]
}

resource "leea_vm" "web" {
  name   = "web"
  node   = local.nodes[var.placement]
  vcpus  = 1
  memory = "256MiB"
  boot   = { kernel = var.kernel, initrd = var.initrd, cmdline = "console=ttyS0" }
  disks  = [for name in ["data", "log"] : { name = name, size = "64MiB" }]
  nics   = [{ mesh = { ingress = [{ from = "nodes" }] } }]
}

output "address" {
  value = leea_vm.web.address
}

output "current_node" {
  value = leea_vm.web.current_node
}

output "last_migration" {
  value = leea_vm.web.last_migration # null before the first move
}
