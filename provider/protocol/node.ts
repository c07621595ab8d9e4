// What is said about hosts: identity, facts, mesh membership, links, vouchers.

import type { GpuFacts } from "../model/gpu/plan/gpu-facts";

/** What the first node fixes for its mesh and every joiner copies. */
export interface MeshParameters {
  readonly name: string;
  /** 16 hex characters drawn at birth. */
  readonly meshId: string;
  /** ULA /48, such as `fd12:3456:789a::/48`. */
  readonly range6: string;
  readonly nodeRange: string;
  readonly vmRange: string;
  readonly mtu: number;
}

/** Who a node is. `publicKey` is the RSA-3072 identity key, SPKI DER in base64. */
export interface NodeIdentity {
  readonly nodeId: string;
  /** SHA-256 of the SPKI DER, lower-case base32 without padding. */
  readonly fingerprint: string;
  readonly publicKey: string;
}

/** What one node needs to know of another to link to it or to talk to its agent. */
export interface NodeDescriptor extends NodeIdentity {
  readonly name: string;
  readonly wireguardPublicKey: string;
  readonly meshAddress: string;
  readonly meshAddress6: string;
  /** Host part of the underlay endpoint. */
  readonly endpointAddress: string;
}

/** A member's signed word that a candidate may be in the mesh. `signature`: RSA-PSS over the exact `payload` text. */
export interface Voucher {
  /** JSON of the claims (`model/mesh/voucher.ts`), signed as it stands. */
  readonly payload: string;
  /** Base64. */
  readonly signature: string;
  readonly issuerPublicKey: string;
}

/** One link as the host reports it. */
export interface LinkReport {
  readonly peerId: string;
  readonly interfaceName: string;
  readonly listenPort: number;
  /** Milliseconds since 1970 of the last WireGuard handshake; 0 for never. */
  readonly lastHandshakeMs: number;
  readonly receivedBytes: number;
  readonly sentBytes: number;
}

/** A package that a part of leea needs on the host and that is missing. */
export interface MissingPackage {
  readonly package: string;
  readonly program: string;
  readonly neededFor: string;
}

/** A host as its agent reports it. Mesh parts are absent before it has joined. */
export interface NodeReport {
  readonly identity: NodeIdentity;
  readonly name: string;
  readonly owner?: string;
  readonly os: string;
  readonly arch: string;
  readonly cpus: number;
  readonly memoryBytes: number;
  readonly availableMemoryBytes: number;
  readonly storageFreeBytes: number;
  /** Folder of disks and images. Absent from an agent that does not tell it yet. */
  readonly storagePath?: string;
  readonly qemuVersion?: string;
  readonly accelerators?: readonly string[];
  /** Absent where they cannot be read, and from an agent that does not tell them yet. */
  readonly gpus?: readonly GpuFacts[];
  readonly agentVersion: string;
  readonly bundleHash: string;
  readonly missingPackages: readonly MissingPackage[];
  readonly installedBySetup: readonly string[];
  /** What on this host would break leea or be broken by it, each with its mend. */
  readonly conflicts: readonly { readonly what: string; readonly mend: string }[];
  readonly mesh?: MeshParameters;
  readonly descriptor?: NodeDescriptor;
  readonly links: readonly LinkReport[];
  readonly vmIds: readonly string[];
}

/** What a host is to be in its mesh. Without `admission` it founds the mesh from `found`. */
export interface PutMeshRequest {
  readonly owner: string;
  readonly name: string;
  /**
   * Folder for disks and images; fixed by the first call.
   * @pattern ^(/[A-Za-z0-9_-][A-Za-z0-9._-]*)+/?$
   */
  readonly storagePath: string;
  readonly endpoint: { readonly address: string; readonly portBase: number; readonly portCount: number };
  readonly found?: {
    readonly name: string;
    readonly nodeRange: string;
    readonly vmRange: string;
    readonly mtu: number;
  };
  readonly admission?: { readonly parameters: MeshParameters; readonly voucher: Voucher };
}

/** What a mesh would need of a host that may come to be in it. */
export interface CheckMeshRequest {
  readonly nodeRange: string;
  readonly vmRange: string;
  /** UDP ports of the links. */
  readonly portBase: number;
  readonly portCount: number;
}

/** What stands in the way of it, each with its mend. */
export interface CheckMeshResponse {
  readonly conflicts: NodeReport["conflicts"];
}

/** Asks a member to vouch for a candidate. */
export interface VouchRequest {
  readonly candidate: NodeIdentity;
}

/** The member's answer: what a candidate needs to join. */
export interface VouchResponse {
  readonly parameters: MeshParameters;
  readonly voucher: Voucher;
}

/** One end of a link. The caller sends `peerPort` once it knows it; the answer holds this end's own port. */
export interface PutLinkRequest {
  readonly peer: NodeDescriptor;
  readonly voucher: Voucher;
  readonly peerPort?: number;
}

/** This end's UDP port and interface. */
export interface PutLinkResponse {
  readonly listenPort: number;
  readonly interfaceName: string;
}

/** What the agent says of itself. `protocol` and `minProtocol` are whole numbers; `movesRunning` counts both directions. */
export interface Health {
  readonly protocol: number;
  readonly minProtocol: number;
  readonly version: string;
  readonly bundleHash: string;
  readonly pid: number;
  readonly uptimeMs: number;
  readonly rssBytes: number;
  readonly movesRunning: number;
}
