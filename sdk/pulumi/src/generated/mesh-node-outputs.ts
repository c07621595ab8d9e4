// Generated from schema/ by `npm run generate`; never edited by hand.

import type * as pulumi from "@pulumi/pulumi";
import { ResourceBase } from "../resource-base";
import type { Connection, Endpoint, Mesh, NodeGpu, NodeReference } from "./types";

/** Names of all that a program may read of a MeshNode; one that is not registered would be no Output. */
export const meshNodeOutputNames = ["name","connection","mesh","peers","endpoint","setup","storagePath","fingerprint","wireguardPublicKey","meshAddress","meshAddress6","os","arch","cpus","memoryBytes","accelerators","gpus","qemuVersion","agentVersion","links","state"] as const;

/** A host. Creating it installs the agent, makes the host's keys on the host, and joins it to the mesh; deleting it removes every trace. Holds the typed outputs. */
export abstract class MeshNodeOutputs extends ResourceBase {
  /** Name of the host in the mesh; absent means the resource's logical name. */
  declare readonly name: pulumi.Output<string>;
  /** How to reach the host over SSH. */
  declare readonly connection: pulumi.Output<Connection>;
  /** The mesh that the host belongs to; the first host fixes everything but the name. */
  declare readonly mesh: pulumi.Output<Mesh>;
  /** Hosts that are already in the mesh and that this one links to; none for the first. Default: `[]`. */
  declare readonly peers: pulumi.Output<readonly NodeReference[]>;
  /** Where other hosts reach this one's links. */
  declare readonly endpoint: pulumi.Output<Endpoint | undefined>;
  /** Install missing packages with the host's package manager. Default: `true`. */
  declare readonly setup: pulumi.Output<boolean>;
  /** Folder on the host for disks and images. Default: `"/var/lib/leea"`. */
  declare readonly storagePath: pulumi.Output<string>;
  /** SHA-256 of the host's identity key, base32. */
  declare readonly fingerprint: pulumi.Output<string>;
  /** WireGuard public key. */
  declare readonly wireguardPublicKey: pulumi.Output<string>;
  /** IPv4 address in the mesh. */
  declare readonly meshAddress: pulumi.Output<string>;
  /** IPv6 address in the mesh. */
  declare readonly meshAddress6: pulumi.Output<string>;
  /** Operating system and version. */
  declare readonly os: pulumi.Output<string>;
  /** Processor architecture. */
  declare readonly arch: pulumi.Output<string>;
  /** Logical processors. */
  declare readonly cpus: pulumi.Output<number>;
  /** Memory in `bytes`. */
  declare readonly memoryBytes: pulumi.Output<number>;
  /** Accelerators that ran a guest's needs. */
  declare readonly accelerators: pulumi.Output<readonly string[]>;
  /** GPUs of the host; `leea gpus` tells who has them and what is free. */
  declare readonly gpus: pulumi.Output<readonly NodeGpu[]>;
  /** QEMU version. */
  declare readonly qemuVersion: pulumi.Output<string>;
  /** Agent version, and the start of its bundle's hash. */
  declare readonly agentVersion: pulumi.Output<string>;
  /** Ids of the hosts that it is linked to. */
  declare readonly links: pulumi.Output<readonly string[]>;
  /** `ready`, `unreachable`, or `outside`: its agent answers and it is in no mesh, so that the next update takes it in again. */
  declare readonly state: pulumi.Output<string>;
}
