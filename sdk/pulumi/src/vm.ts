// VM for Pulumi programs: turns the arguments into inputs. Decides nothing; the provider checks.

import * as pulumi from "@pulumi/pulumi";
import type { GpuReferenceArgs, VMArgs } from "./generated/args";
import { VMOutputs, vmOutputNames } from "./generated/vm-outputs";
import { loadForwarder } from "./load-forwarder";
import { referTo } from "./node-reference";
import { stackOwner } from "./stack-owner";

/**
 * A virtual machine on a host. Changing `node` moves it, running, to the other host.
 *
 * @example
 * new leea.VM("web", { node: a, vcpus: 2, memory: "4GiB", disks: [{ name: "root", size: "20GiB", image: "./noble.qcow2" }] });
 */
export class VM extends VMOutputs {
  constructor(name: string, args: VMArgs, options?: pulumi.CustomResourceOptions) {
    const node = referTo(args.node);
    const inputs = {
      ...Object.fromEntries(vmOutputNames.map((output) => [output, undefined])),
      ...args,
      owner: stackOwner(),
      logicalName: name,
      name: args.name ?? name,
      node: node.id,
      nodeConnection: node.connection,
      ...referToGpus(args.gpus),
    };
    super(loadForwarder("VM"), name, inputs, pulumi.mergeOptions({ deleteBeforeReplace: true }, options), "leea", "VM");
  }
}

/** Of each partition what a VM's inputs hold. What a program without types gives instead of a list is for the provider to name. */
function referToGpus(gpus: readonly GpuReferenceArgs[] | undefined): { readonly gpus?: readonly GpuReferenceArgs[] } {
  return Array.isArray(gpus)
    ? { gpus: (gpus as readonly GpuReferenceArgs[]).map(({ id, node }) => ({ id, node })) }
    : {};
}
