// GPU partitions of a host and a VM that has them all. `leea gpus` shows what the host has; then, for example,
//   pulumi config set gpus '[{ "name": "gpu", "device": { "vendor": "nvidia", "model": "L40S" } }]'
// `pulumi destroy` gives every device back to the host's own drivers.

import * as leea from "@leea/pulumi";
import * as pulumi from "@pulumi/pulumi";

type Wish = Pick<leea.GpuPartitionArgs, "device" | "mode" | "profile" | "vfs"> & { name: string };

const config = new pulumi.Config();
const connection = config.requireObject<leea.ConnectionArgs>("connection");

// A host that another stack has made a MeshNode is named by its id.
const id = config.get("nodeId");
const node = id ? { id, connection } : new leea.MeshNode("host", { mesh: { name: "gpu" }, connection });

const gpus = config
  .requireObject<Wish[]>("gpus")
  .map(({ name, ...wish }) => new leea.GpuPartition(name, { node, ...wish }));

const vm = new leea.VM("vm", {
  node,
  gpus,
  vcpus: 1,
  memory: config.get("memory") ?? "4GiB",
  disks: [{ name: "root", size: config.get("diskSize") ?? "20GiB", image: config.require("image") }],
});

export const { vmId, state } = vm;
export const devices = pulumi.all(
  gpus.map(({ chosenMode, address, vendor, model }) => ({ chosenMode, address, vendor, model })),
);
