// GpuPartition for Pulumi programs: turns the arguments into inputs. Decides nothing; the provider checks.

import * as pulumi from "@pulumi/pulumi";
import type { GpuPartitionArgs } from "./generated/args";
import { GpuPartitionOutputs, gpuPartitionOutputNames } from "./generated/gpu-partition-outputs";
import { loadForwarder } from "./load-forwarder";
import { referTo } from "./node-reference";
import { stackOwner } from "./stack-owner";

/**
 * A GPU of a host, or a hardware-isolated part of one, for a VM that names it in `gpus`. Deleting it gives the device back as it was.
 *
 * @example
 * const gpu = new leea.GpuPartition("gpu", { node: a, device: { vendor: "nvidia", model: "L40S" } });
 * new leea.VM("train", { node: a, gpus: [gpu], vcpus: 8, memory: "32GiB", disks: [{ name: "root", size: "80GiB", image: "./noble.qcow2" }] });
 */
export class GpuPartition extends GpuPartitionOutputs {
  constructor(name: string, args: GpuPartitionArgs, options?: pulumi.CustomResourceOptions) {
    const node = referTo(args.node);
    const inputs = {
      ...Object.fromEntries(gpuPartitionOutputNames.map((output) => [output, undefined])),
      ...args,
      owner: stackOwner(),
      logicalName: name,
      name: args.name ?? name,
      node: node.id,
      nodeConnection: node.connection,
    };
    super(
      loadForwarder("GpuPartition"),
      name,
      inputs,
      pulumi.mergeOptions({ deleteBeforeReplace: true }, options),
      "leea",
      "GpuPartition",
    );
  }
}
