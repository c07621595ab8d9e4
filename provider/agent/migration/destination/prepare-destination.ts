// What the destination makes for a move: a record that forbids to run, disks of the same sizes, network, a QEMU that
// waits with -S, and its two listeners inside TLS with the move's own key.

import { LeeaError } from "../../../model/errors";
import { permitsMove } from "../../../model/move/permits-move";
import type { VmRecord } from "../../../model/ownership";
import type { NodeDescriptor } from "../../../protocol/node";
import type { PrepareMoveRequest, PrepareMoveResponse } from "../../../protocol/peer";
import type { ExpectMoveRequest } from "../../../protocol/vm";
import type { Agent } from "../../agent";
import { type MeshState, readMeshState } from "../../mesh/mesh-state";
import { takeTurn } from "../../mesh/take-turn";
import { markMovedIn, receiveVm } from "../../net/vm-routes";
import { diskNode, launchMachine } from "../../vm/machine/launch-machine";
import type { Machine } from "../../vm/machine/machines";
import { chooseUid } from "../../vm/record/choose-uid";
import { noteDecision } from "../../vm/record/decision-log";
import { finishLeaving } from "../leave-vm";
import { takeStraightAddress } from "../straight/open-straight";
import { destinationCapabilities, tlsPriority, unlimitedBytesPerSecond } from "../stream-settings";
import { wayTo } from "../way-to";
import { writeMoveKey } from "../write-move-key";
import { takeMovePorts } from "./move-ports";

/** Id of a disk's export. */
export function exportId(index: number): string {
  return `export-${index}`;
}

/** Makes ready; a second call begins anew with the new key. Errors: PEER_REFUSED (a record forbids it), START_FAILED, DISK_SPACE_SHORT. */
export async function prepareIncoming(
  agent: Agent,
  move: ExpectMoveRequest,
  request: PrepareMoveRequest,
): Promise<PrepareMoveResponse> {
  await finishLeaving(move.vmId);
  refuseOwned(agent, move, request.record);
  const { meshAddress } = await demandMesh(agent);
  const { qemu: there, movedTo: _gone, moveMode: _past, ...carried } = request.record;
  const isCold = request.mode === "cold";
  // In turn with births: a user is chosen when every earlier choice is written down.
  const record = await takeTurn(agent.ctx, "birth", () =>
    agent.records.save({
      ...carried,
      vmId: move.vmId,
      role: "incoming",
      uid: chooseUid(agent, move.vmId),
      moveId: move.moveId,
      operationId: move.moveId,
      wantsToRun: isCold ? request.record.wantsToRun : true,
      ...(isCold ? { moveMode: "cold" as const } : {}),
    }),
  );
  noteDecision(agent.ctx, move.vmId, {
    decision: "incoming",
    because: [`${move.source.name} brings it by a move that this host was told to expect`],
    evidence: { from: move.source.nodeId, generation: record.generation },
    moveId: move.moveId,
  });
  const machine = await launchMachine(agent, record, {
    incoming: true,
    nicPorts: there?.nicPorts,
    gpuPorts: there?.gpuPorts,
    carriesGpus: request.gpus === "carry",
  });
  const ports = takeMovePorts(move.moveId);
  const straightAddress = await takeStraightAddress(agent, move.moveId, request.straightAddress);
  const address = straightAddress ?? meshAddress;
  await bothEnded(
    takeHandOver(agent, record, move.source),
    openStreams(agent, { record, machine, request, listener: { address, ...ports } }),
  );
  return { address, ...ports };
}

async function demandMesh(agent: Agent): Promise<MeshState> {
  const mesh = await readMeshState(agent.ctx);
  if (mesh !== undefined) return mesh;
  throw new LeeaError({
    code: "PEER_REFUSED",
    message: "this host is in no mesh",
    hint: "Create its MeshNode first.",
  });
}

/** Waits for both also where one fails: what goes on after an answer would meet the undoing that follows it. */
async function bothEnded(one: Promise<void>, other: Promise<void>): Promise<void> {
  const failed = (await Promise.allSettled([one, other])).find(({ status }) => status === "rejected");
  if (failed?.status === "rejected") throw failed.reason;
}

function refuseOwned(agent: Agent, move: ExpectMoveRequest, there: VmRecord): void {
  const here = agent.records.get(move.vmId);
  const details = { moveId: move.moveId };
  const busy = agent.operations.running(move.vmId);
  if (busy !== undefined)
    throw new LeeaError({
      code: "PEER_REFUSED",
      message: `this host still ends an earlier operation on the VM (${busy.kind})`,
      hint: "Run again once it has ended.",
      details: { ...details, operationId: busy.operationId },
    });
  if (here === undefined || permitsMove(here, there)) return;
  throw new LeeaError({
    code: "PEER_REFUSED",
    message: `this host's record of the VM says ${here.role}, generation ${here.generation}, and the source's says ${there.generation}`,
    hint: "Run `pulumi refresh`: it follows the VM to the host that owns it.",
    details,
  });
}

/** From now on what the source hands over is queued in the tap, also before the address is announced from here. */
async function takeHandOver(agent: Agent, record: VmRecord, source: NodeDescriptor): Promise<void> {
  const { address } = record.pins;
  if (address === undefined) return;
  await markMovedIn(agent.ctx, { address });
  await receiveVm(agent.ctx, record.vmId, await wayTo(agent.ctx, source, address));
}

interface Streams {
  readonly record: VmRecord;
  readonly machine: Machine;
  readonly request: PrepareMoveRequest;
  readonly listener: PrepareMoveResponse;
}

async function openStreams(agent: Agent, { record, machine, request, listener }: Streams): Promise<void> {
  await setServerKey(agent, record, machine, request.psk);
  if (request.mode !== "cold") await listen(machine, listener, request);
  await exportDisks(machine, record, listener);
}

async function setServerKey(agent: Agent, record: VmRecord, machine: Machine, psk: string): Promise<void> {
  const folder = await writeMoveKey(agent.ctx, record, "server", psk);
  await machine.qmp.execute("object-add", {
    "qom-type": "tls-creds-psk",
    id: "leea-server",
    dir: folder,
    endpoint: "server",
    priority: tlsPriority,
  });
}

async function listen(
  { qmp }: Machine,
  { address, migrationPort }: PrepareMoveResponse,
  request: PrepareMoveRequest,
): Promise<void> {
  await qmp.execute("migrate-set-capabilities", { capabilities: destinationCapabilities() });
  await qmp.execute("migrate-set-parameters", {
    "max-bandwidth": unlimitedBytesPerSecond,
    "multifd-channels": request.multifdChannels,
    "tls-creds": "leea-server",
  });
  await qmp.execute("migrate-incoming", { uri: `tcp:${address}:${migrationPort}` });
}

async function exportDisks(machine: Machine, record: VmRecord, listener: PrepareMoveResponse): Promise<void> {
  if (record.spec.disks.length === 0) return;
  await machine.qmp.execute("nbd-server-start", {
    addr: { type: "inet", data: { host: listener.address, port: String(listener.nbdPort) } },
    "tls-creds": "leea-server",
  });
  for (const index of record.spec.disks.keys()) {
    await machine.qmp.execute("block-export-add", {
      type: "nbd",
      id: exportId(index),
      "node-name": diskNode(index),
      name: diskNode(index),
      writable: true,
    });
  }
}
