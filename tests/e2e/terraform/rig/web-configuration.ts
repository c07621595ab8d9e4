// Small configurations in Terraform's JSON for hosts of a lab: the hosts alone, and a VM on one of them that is known as a data
// source, so that several folders may declare the VM.

import { connectionTo, type World } from "../../world/world";
import { guestFiles } from "./lab-look";

const head = (world: World, owner: string) => ({
  terraform: { required_providers: { leea: { source: "leea/leea" } } },
  provider: { leea: { owner, ssh: { identity: world.identityFile } } },
});

/** Hosts a and b, linked. */
export function hostsConfiguration(world: World, owner: string): object {
  const mesh = { name: "demo" };
  const a = { name: "a", mesh, ssh: sshOf(world, "a") };
  const b = { name: "b", mesh, ssh: sshOf(world, "b"), peers: ["${leea_mesh_node.a}"] };
  return { ...head(world, owner), resource: { leea_mesh_node: { a, b } } };
}

/** The VM `web` on a host that is a MeshNode already. */
export function webConfiguration(world: World, owner: string, host: string): object {
  const web = {
    name: "web",
    node: "${data.leea_mesh_node.here}",
    vcpus: 1,
    memory: "128MiB",
    boot: { ...guestFiles(), cmdline: "console=ttyS0 quiet no_timer_check" },
    disks: [{ name: "data", size: "16MiB" }],
  };
  return {
    ...head(world, owner),
    data: { leea_mesh_node: { here: { ssh: sshOf(world, host) } } },
    resource: { leea_vm: { web } },
  };
}

function sshOf(world: World, name: string): object {
  const { host, port, hostKey } = connectionTo(world, name);
  return { host, port, host_key: hostKey };
}
