// Hosts with a GPU each, and a VM that runs on one of them. Change `place` and run `pulumi up`: its guest lets go of the GPU
// that it has, the VM moves while it runs, and it gets the GPU of the other host.
//   pulumi config set place b && pulumi up

import * as leea from "@leea/pulumi";
import * as pulumi from "@pulumi/pulumi";

type Gpu = Pick<leea.GpuPartitionArgs, "device" | "mode" | "profile" | "vfs"> & { name: string };
type Host = { connection: leea.ConnectionArgs; id?: string; gpus: Gpu[] };

const config = new pulumi.Config();
const hosts = Object.entries(config.requireObject<Record<string, Host>>("hosts"));

// Each in the mesh of the first; one that another stack has made a MeshNode is named by its id.
const nodes: Record<string, leea.MeshNode | { id: string; connection: leea.ConnectionArgs }> = {};
for (const [name, { id, connection }] of hosts) {
  const peers = Object.values(nodes).slice(0, 1);
  nodes[name] = id ? { id, connection } : new leea.MeshNode(name, { mesh: { name: "gpus" }, connection, peers });
}

const gpus = hosts.flatMap(([host, { gpus }]) =>
  gpus.map(({ name, ...wish }) => new leea.GpuPartition(`${host}-${name}`, { node: nodes[host], ...wish })),
);

const vm = new leea.VM("vm", {
  node: nodes[config.require("place")],
  gpus, // of all hosts: it has those of the one that it is on
  vcpus: 1,
  memory: config.get("memory") ?? "4GiB",
  ...(config.get("kernel")
    ? {
        boot: {
          kernel: config.require("kernel"),
          initrd: config.require("initrd"),
          cmdline: config.require("cmdline"),
        },
      }
    : { disks: [{ name: "root", size: "20GiB", image: config.require("image") }] }),
});

export const { vmId, currentNode, bootedAt, gpusInMachine } = vm;
export const lastMigration = vm.lastMigration.apply((last) => last ?? null); // null before the first move
export const partitions = pulumi.all(gpus.map(({ partitionId, address }) => ({ partitionId, address })));
