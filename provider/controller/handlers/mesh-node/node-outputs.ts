// What a host reports of itself -> the outputs that the front doors store.

import type { MeshNodeOutputs } from "../../../../schema/generated/declared";
import type { NodeReport } from "../../../protocol/node";

/** The outputs of a host whose agent answers. What was not probed yet is empty. */
export function outputsOfNode(report: NodeReport): MeshNodeOutputs {
  const { identity, descriptor } = report;
  return {
    fingerprint: identity.fingerprint,
    wireguardPublicKey: descriptor?.wireguardPublicKey ?? "",
    meshAddress: descriptor?.meshAddress ?? "",
    meshAddress6: descriptor?.meshAddress6 ?? "",
    os: report.os,
    arch: report.arch,
    cpus: report.cpus,
    memoryBytes: report.memoryBytes,
    accelerators: report.accelerators ?? [],
    gpus: report.gpus ?? [],
    qemuVersion: report.qemuVersion ?? "",
    agentVersion: composeAgentVersion(report.agentVersion, report.bundleHash),
    links: report.links.map(({ peerId }) => peerId).sort(),
    state: report.mesh === undefined ? "outside" : "ready",
  };
}

/** Version and the start of the bundle's hash: two builds of one version are told apart. */
export function composeAgentVersion(version: string, bundleHash: string): string {
  return `${version}+${bundleHash.slice(0, 8)}`;
}
