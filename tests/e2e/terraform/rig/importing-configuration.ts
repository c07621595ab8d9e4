// A configuration that declares what examples/terraform made, for a state that knows nothing of it: host a as a resource, host b
// as a data source, and the example's VM on b, word for word.

import type { Connection } from "../../../../provider/model/connection";
import { connectionTo, type World } from "../../world/world";
import { exampleText } from "./example-workspace";

/** The text of its main.tf. `owner` is whose the VM is. */
export function importingConfiguration(world: World, owner: string): string {
  const [vm] = /resource "leea_vm" "web" \{\n[\s\S]*?\n\}\n/.exec(exampleText) ?? [];
  const here = vm?.replace("local.nodes[var.placement]", "data.leea_mesh_node.b");
  if (here === undefined || here === vm) throw new Error("the example's VM is not written as it was");
  return `terraform {
  required_providers {
    leea = { source = "leea/leea" }
  }
}

variable "kernel" {
  type = string
}

variable "initrd" {
  type = string
}

provider "leea" {
  owner = ${JSON.stringify(owner)}
  ssh   = { identity = ${JSON.stringify(world.identityFile)} }
}

resource "leea_mesh_node" "a" {
  name = "a"
  mesh = { name = "demo" }
  ssh  = ${sshAttribute(connectionTo(world, "a"))}
}

data "leea_mesh_node" "b" {
  ssh = ${sshAttribute(connectionTo(world, "b"))}
}

${here}`;
}

/** The import id of a host, or of a VM that one has, with all of the way there that the configuration has. */
export function importId(world: World, host: string, vm?: string): string {
  const { host: address, port, hostKey } = connectionTo(world, host);
  return JSON.stringify({ ssh: { host: address, port, host_key: hostKey }, ...(vm === undefined ? {} : { vm }) });
}

function sshAttribute({ host, port, hostKey }: Connection): string {
  return `{ host = ${JSON.stringify(host)}, port = ${port}, host_key = ${JSON.stringify(hostKey)} }`;
}
