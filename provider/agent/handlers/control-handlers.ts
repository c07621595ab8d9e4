// One handler a control verb: the table that the control server dispatches on. A handler unpacks the request and calls
// the one function that does the work.

import type { VerbName, VerbTypes, verbs } from "../../protocol/verbs";
import type { Agent } from "../agent";
import { needsUpgrade } from "../console/open-console";
import { type LogWish, streamLog } from "../console/stream-log";
import { answerPartition, checkPartition, listGpus } from "../gpu/answer-gpus";
import { putPartition } from "../gpu/partition/put-partition";
import { releasePartition } from "../gpu/partition/release-partition";
import type { ControlRequest } from "../http/control-server";
import { hasImage, putImage } from "../images/image-store";
import { deleteLink, findMeshConflicts, putLink, readIdentity, vouch } from "../mesh/mesh";
import { checkDestination, describeSource } from "../migration/describe-move";
import { beginMove } from "../migration/source/begin-move";
import { installPackages } from "../node/install-packages";
import { joinMesh } from "../node/join-mesh";
import { leaveNode } from "../node/leave-node";
import { readHealth } from "../node/read-health";
import { reportNode } from "../node/report-node";
import { checkVm } from "../vm/check-vm";
import { deleteVm } from "../vm/delete-vm";
import { putVm } from "../vm/put-vm";
import { answerVm, listVms } from "../vm/report-vm";
import { awaitRestart } from "../vm/restart/keep-running";
import { tellDecisions } from "../vm/tell-decisions";
import { streamOperation } from "./stream-operation";

/** Verbs that arrive over SSH. */
export type ControlVerb = { [V in VerbName]: (typeof verbs)[V]["side"] extends "control" ? V : never }[VerbName];

/** A request whose body is of its verb. */
export type RequestOf<V extends ControlVerb> = Omit<ControlRequest, "body"> & { readonly body: VerbTypes[V]["body"] };

function logWish({ vmId = "", log = "", lines = "0" }: Readonly<Record<string, string>>): Omit<LogWish, "follow"> {
  return { vmId, log, lines: Number(lines) };
}

type Handlers = {
  readonly [V in ControlVerb]: (agent: Agent, request: RequestOf<V>) => Promise<VerbTypes[V]["answer"]>;
};

/** Every control verb's handler. */
export const controlHandlers: Handlers = {
  getHealth: (agent) => readHealth(agent),
  getIdentity: (agent) => readIdentity(agent.ctx),
  getNode: (agent) => reportNode(agent),
  setUpNode: (agent, { body }) =>
    agent.operations.start({
      operationId: body.operationId,
      kind: "setup",
      run: (work) => installPackages(agent.ctx, work),
    }),
  leaveNode: (agent, { body }) =>
    agent.operations.start({ operationId: body.operationId, kind: "leave", run: (work) => leaveNode(agent, work) }),
  checkMesh: async (agent, { body }) => ({ conflicts: await findMeshConflicts(agent.ctx, body) }),
  putMesh: (agent, { body }) => joinMesh(agent, body),
  vouch: (agent, { body }) => vouch(agent.ctx, body),
  putLink: (agent, { body }) => putLink(agent.ctx, body),
  deleteLink: (agent, { params }) => deleteLink(agent.ctx, params["peerId"] ?? ""),
  hasImage: async (agent, { params }) => ({ present: await hasImage(agent.ctx, params["hash"] ?? "") }),
  putImage: (agent, { params, stream }) => putImage(agent.ctx, params["hash"] ?? "", stream),
  listVms: (agent) => listVms(agent),
  getVm: (agent, { params }) => answerVm(agent, params["vmId"] ?? ""),
  getDecisions: (agent, { params }) => tellDecisions(agent, params["vmId"] ?? ""),
  openConsole: () => Promise.reject(needsUpgrade()),
  readLog: (agent, { params, reply }) => streamLog(agent, { ...logWish(params), follow: false }, reply),
  followLog: (agent, { params, reply }) => streamLog(agent, { ...logWish(params), follow: true }, reply),
  checkVm: async (agent, { params, body }) => ({ reasons: await checkVm(agent, params["vmId"] ?? "", body) }),
  putVm: async (agent, { params, body }) => {
    await awaitRestart(agent, params["vmId"] ?? "");
    return agent.operations.start({
      operationId: body.operationId,
      kind: "put-vm",
      vmId: params["vmId"] ?? "",
      run: (work) => putVm(agent, params["vmId"] ?? "", body, work),
    });
  },
  deleteVm: async (agent, { params, body }) => {
    await awaitRestart(agent, params["vmId"] ?? "");
    return agent.operations.start({
      operationId: body.operationId,
      kind: "delete-vm",
      vmId: params["vmId"] ?? "",
      run: (work) => deleteVm(agent, params["vmId"] ?? "", body, work),
    });
  },
  listGpus: (agent) => listGpus(agent.gpus),
  getGpuPartition: (agent, { params }) => answerPartition(agent.gpus, params["partitionId"] ?? ""),
  checkGpuPartition: (agent, { params, body }) => checkPartition(agent.gpus, params["partitionId"] ?? "", body.spec),
  putGpuPartition: (agent, { params, body }) =>
    agent.operations.start({
      operationId: body.operationId,
      kind: "put-gpu-partition",
      partitionId: params["partitionId"] ?? "",
      run: () => putPartition(agent.gpus, params["partitionId"] ?? "", body),
    }),
  deleteGpuPartition: (agent, { params, body }) =>
    agent.operations.start({
      operationId: body.operationId,
      kind: "delete-gpu-partition",
      partitionId: params["partitionId"] ?? "",
      run: () => releasePartition(agent.gpus, params["partitionId"] ?? "", body),
    }),
  describeMove: (agent, { params }) => describeSource(agent, params["vmId"] ?? ""),
  checkMove: (agent, { body }) => checkDestination(agent, body),
  expectMove: async (agent, { body }) => {
    // A move that has a record here is forgotten only when its own source gives it up: it may still have to be granted.
    await agent.expected.expect(body, agent.records.get(body.vmId)?.moveId);
    return { expected: true };
  },
  moveVm: (agent, { params, body }) => beginMove(agent, params["vmId"] ?? "", body),
  getOperation: async (agent, { params }) => agent.operations.get(params["operationId"] ?? ""),
  watchOperation: async (agent, { params, reply }) => streamOperation(agent, params["operationId"] ?? "", reply),
  cancelOperation: async (agent, { params }) => agent.operations.cancel(params["operationId"] ?? ""),
};
