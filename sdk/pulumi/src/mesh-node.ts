// MeshNode for Pulumi programs: turns the arguments into inputs. Decides nothing; the provider checks.

import * as pulumi from "@pulumi/pulumi";
import type { MeshNodeArgs } from "./generated/args";
import { MeshNodeOutputs, meshNodeOutputNames } from "./generated/mesh-node-outputs";
import { loadForwarder } from "./load-forwarder";
import { referTo, rememberConnection } from "./node-reference";
import { stackOwner } from "./stack-owner";

/**
 * A host. Creating it installs leea's agent over SSH and joins the host to the mesh; deleting it removes every trace.
 *
 * @example
 * const a = new leea.MeshNode("a", { mesh: { name: "prod" }, connection: { host: "10.0.0.11" } });
 * const b = new leea.MeshNode("b", { mesh: { name: "prod" }, connection: { host: "10.0.0.12" }, peers: [a] });
 */
export class MeshNode extends MeshNodeOutputs {
  constructor(name: string, args: MeshNodeArgs, options?: pulumi.CustomResourceOptions) {
    const inputs = {
      ...Object.fromEntries(meshNodeOutputNames.map((output) => [output, undefined])),
      ...args,
      owner: stackOwner(),
      name: args.name ?? name,
      peers: (args.peers ?? []).map(referTo),
    };
    super(
      loadForwarder("MeshNode"),
      name,
      inputs,
      pulumi.mergeOptions({ deleteBeforeReplace: true }, options),
      "leea",
      "MeshNode",
    );
    rememberConnection(this, args.connection);
  }
}
