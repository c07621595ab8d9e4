// Every route of the agent: the whole control surface in one list. `control` verbs arrive over SSH on the unix socket,
// `peer` verbs over mutual TLS on the mesh. `legal` says when a verb may be sent; a verb that arrives otherwise is
// answered with NOT_ALLOWED_NOW or PEER_REFUSED and changes nothing. Path parameters are written `:name`.

import type { DecisionsAnswer } from "./decision";
import type { GpuVerbTypes } from "./gpu";
import type {
  CheckMeshRequest,
  CheckMeshResponse,
  Health,
  NodeIdentity,
  NodeReport,
  PutLinkRequest,
  PutLinkResponse,
  PutMeshRequest,
  VouchRequest,
  VouchResponse,
} from "./node";
import type { Operation, OperationId } from "./operation";
import type {
  AbandonMoveResponse,
  AskVmRequest,
  AskVmResponse,
  FinishMoveRequest,
  GrantMoveRequest,
  GrantMoveResponse,
  OpenStraightRequest,
  OpenStraightResponse,
  PeerMoveReport,
  PrepareMoveRequest,
  PrepareMoveResponse,
} from "./peer";
import type {
  DeleteVmRequest,
  ExpectMoveRequest,
  MoveDestinationReport,
  MovedVm,
  MoveNeeds,
  MoveSourceReport,
  MoveVmRequest,
  PutVmRequest,
  VmAnswer,
  VmReport,
} from "./vm";

/** How a verb is called. `legal` in words. */
export interface VerbShape {
  readonly method: "GET" | "PUT" | "POST" | "DELETE";
  readonly path: string;
  readonly side: "control" | "peer";
  readonly legal: string;
}

/** The routes. */
export const verbs = {
  getHealth: { method: "GET", path: "/v1/health", side: "control", legal: "always" },
  getIdentity: {
    method: "GET",
    path: "/v1/identity",
    side: "control",
    legal: "always; makes the keys at the first call",
  },
  getNode: { method: "GET", path: "/v1/node", side: "control", legal: "always" },
  setUpNode: { method: "POST", path: "/v1/node/setup", side: "control", legal: "always; installs missing packages" },
  leaveNode: { method: "POST", path: "/v1/node/leave", side: "control", legal: "while no VM is on the host" },
  checkMesh: { method: "POST", path: "/v1/mesh/check", side: "control", legal: "always; changes nothing" },
  putMesh: {
    method: "PUT",
    path: "/v1/mesh",
    side: "control",
    legal: "while no package is missing; again with the same mesh",
  },
  vouch: { method: "POST", path: "/v1/mesh/vouchers", side: "control", legal: "on a member of a mesh" },
  putLink: {
    method: "PUT",
    path: "/v1/links/:peerId",
    side: "control",
    legal: "on a member, for a peer with a voucher",
  },
  deleteLink: { method: "DELETE", path: "/v1/links/:peerId", side: "control", legal: "always" },
  hasImage: { method: "GET", path: "/v1/images/:hash", side: "control", legal: "always" },
  putImage: { method: "PUT", path: "/v1/images/:hash", side: "control", legal: "always; the body is the file's bytes" },
  listVms: { method: "GET", path: "/v1/vms", side: "control", legal: "always" },
  getVm: { method: "GET", path: "/v1/vms/:vmId", side: "control", legal: "always" },
  getDecisions: {
    method: "GET",
    path: "/v1/vms/:vmId/decisions",
    side: "control",
    legal: "always; also for a VM that moved away or was deleted",
  },
  openConsole: {
    method: "GET",
    path: "/v1/vms/:vmId/console",
    side: "control",
    legal: "where the VM's QEMU runs, by an upgrade (console.ts); one person at a time",
  },
  readLog: {
    method: "GET",
    path: "/v1/vms/:vmId/logs/:log/last/:lines",
    side: "control",
    legal: "where the VM is; the answer is plain bytes, `log` is console or qemu",
  },
  followLog: {
    method: "GET",
    path: "/v1/vms/:vmId/logs/:log/follow/:lines",
    side: "control",
    legal: "where the VM is; plain bytes until it leaves, the last lines first",
  },
  checkVm: { method: "POST", path: "/v1/vms/:vmId/check", side: "control", legal: "always; changes nothing" },
  putVm: { method: "PUT", path: "/v1/vms/:vmId", side: "control", legal: "on a member; not while the VM moves" },
  deleteVm: { method: "DELETE", path: "/v1/vms/:vmId", side: "control", legal: "not while the VM moves" },
  listGpus: { method: "GET", path: "/v1/gpus", side: "control", legal: "always; changes nothing" },
  getGpuPartition: { method: "GET", path: "/v1/gpu-partitions/:partitionId", side: "control", legal: "always" },
  checkGpuPartition: {
    method: "POST",
    path: "/v1/gpu-partitions/:partitionId/check",
    side: "control",
    legal: "always; changes nothing",
  },
  putGpuPartition: {
    method: "PUT",
    path: "/v1/gpu-partitions/:partitionId",
    side: "control",
    legal: "not while it is released, nor while an order on its card waits in the kernel",
  },
  deleteGpuPartition: {
    method: "DELETE",
    path: "/v1/gpu-partitions/:partitionId",
    side: "control",
    legal: "while no VM has it and nobody has it open",
  },
  describeMove: {
    method: "GET",
    path: "/v1/vms/:vmId/move",
    side: "control",
    legal: "on the VM's owner; changes nothing",
  },
  checkMove: {
    method: "POST",
    path: "/v1/vms/:vmId/move/check",
    side: "control",
    legal: "on the destination; changes nothing",
  },
  expectMove: {
    method: "POST",
    path: "/v1/vms/:vmId/move/expect",
    side: "control",
    legal: "on the destination, before the source is told",
  },
  moveVm: { method: "POST", path: "/v1/vms/:vmId/move", side: "control", legal: "on the VM's owner, while it runs" },
  getOperation: { method: "GET", path: "/v1/operations/:operationId", side: "control", legal: "always" },
  watchOperation: {
    method: "GET",
    path: "/v1/operations/:operationId/events",
    side: "control",
    legal: "always; server-sent events, each an Operation",
  },
  cancelOperation: {
    method: "POST",
    path: "/v1/operations/:operationId/cancel",
    side: "control",
    legal: "always; a move can be cancelled until its cutover",
  },
  prepareMove: {
    method: "POST",
    path: "/p1/moves/:moveId/prepare",
    side: "peer",
    legal: "for an expected move, from its source",
  },
  openStraight: {
    method: "POST",
    path: "/p1/moves/:moveId/straight",
    side: "peer",
    legal: "for an expected move, from its source, before prepare",
  },
  announceMove: { method: "POST", path: "/p1/moves/:moveId/announce", side: "peer", legal: "after prepare" },
  readMove: { method: "GET", path: "/p1/moves/:moveId", side: "peer", legal: "for an expected move, from its source" },
  settleDisks: { method: "POST", path: "/p1/moves/:moveId/settle", side: "peer", legal: "after prepare, at the gate" },
  grantMove: {
    method: "POST",
    path: "/p1/moves/:moveId/grant",
    side: "peer",
    legal: "after the source synced `released`",
  },
  finishMove: { method: "POST", path: "/p1/moves/:moveId/finish", side: "peer", legal: "after the grant" },
  abandonMove: {
    method: "POST",
    path: "/p1/moves/:moveId/abandon",
    side: "peer",
    legal: "until the grant; afterwards it answers `owner`",
  },
  askVm: {
    method: "POST",
    path: "/p1/vms/:vmId/ask",
    side: "peer",
    legal: "from every member that this host is linked to; changes nothing",
  },
} as const satisfies Record<string, VerbShape>;

/** Name of a verb. */
export type VerbName = keyof typeof verbs;

/** Body and answer of each verb; those of GPUs are in gpu.ts. `void` stands for none. */
export interface VerbTypes extends GpuVerbTypes {
  getHealth: { body: void; answer: Health };
  getIdentity: { body: void; answer: NodeIdentity };
  getNode: { body: void; answer: NodeReport };
  setUpNode: { body: { operationId: OperationId }; answer: Operation };
  leaveNode: { body: { operationId: OperationId }; answer: Operation };
  checkMesh: { body: CheckMeshRequest; answer: CheckMeshResponse };
  putMesh: { body: PutMeshRequest; answer: NodeReport };
  vouch: { body: VouchRequest; answer: VouchResponse };
  putLink: { body: PutLinkRequest; answer: PutLinkResponse };
  deleteLink: { body: void; answer: { changed: boolean } };
  hasImage: { body: void; answer: { present: boolean } };
  putImage: { body: void; answer: { sizeBytes: number } };
  /** `moved` is absent from agents that do not know it. */
  listVms: { body: void; answer: { vms: readonly VmReport[]; moved?: readonly MovedVm[] } };
  getVm: { body: void; answer: VmAnswer };
  getDecisions: { body: void; answer: DecisionsAnswer };
  openConsole: { body: void; answer: void };
  readLog: { body: void; answer: void };
  followLog: { body: void; answer: void };
  checkVm: { body: PutVmRequest; answer: { reasons: readonly string[] } };
  putVm: { body: PutVmRequest; answer: Operation };
  deleteVm: { body: DeleteVmRequest; answer: Operation };
  describeMove: { body: void; answer: MoveSourceReport };
  checkMove: { body: MoveNeeds; answer: MoveDestinationReport };
  expectMove: { body: ExpectMoveRequest; answer: { expected: true } };
  moveVm: { body: MoveVmRequest; answer: Operation };
  getOperation: { body: void; answer: Operation };
  watchOperation: { body: void; answer: void };
  cancelOperation: { body: void; answer: Operation };
  prepareMove: { body: PrepareMoveRequest; answer: PrepareMoveResponse };
  openStraight: { body: OpenStraightRequest; answer: OpenStraightResponse };
  announceMove: { body: void; answer: { announced: true } };
  readMove: { body: void; answer: PeerMoveReport };
  settleDisks: { body: void; answer: { settled: true } };
  grantMove: { body: GrantMoveRequest; answer: GrantMoveResponse };
  finishMove: { body: FinishMoveRequest; answer: { finished: true } };
  abandonMove: { body: void; answer: AbandonMoveResponse };
  askVm: { body: AskVmRequest; answer: AskVmResponse };
}
