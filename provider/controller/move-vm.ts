// A move as the controller sees it: ask both hosts, refuse with every reason, tell the destination, hand the job
// to the source, follow it, read back. The source agent owns the job: this program may die meanwhile.

import { coldOffer, type MoveWay } from "../model/changes/describe-plan";
import { describeMoveGrounds, findColdReasons, findMoveReasons } from "../model/changes/move-reasons";
import type { Connection } from "../model/connection";
import { LeeaError } from "../model/errors";
import { type GpuMovePlan, type GpuWay, planGpuMove } from "../model/gpu/vm/gpu-move";
import { rulesOfMigration } from "../model/move/migration-rules";
import type { GpuReference, MigrationSpec } from "../model/vm-spec";
import type { NodeDescriptor } from "../protocol/node";
import { describeLost, wordsFor } from "../protocol/skew/words-for";
import type { MoveDestinationReport, MoveSourceReport, VmReport } from "../protocol/vm";
import { chooseOperationId } from "./handlers/choose-operation-id";
import type { HandlerContext } from "./handlers/handler-context";
import type { LocalFile } from "./handlers/vm/local-files";
import type { HostSession } from "./host-session";
import { hashFile } from "./install/choose-runtime";
import { joinMoveUnderWay, moveWish } from "./rejoin-move";

/** A VM and the two hosts. `bootFiles` are the files of this machine that it may boot from. */
export interface Move {
  readonly report: VmReport;
  readonly source: HostSession;
  readonly destination: HostSession;
  readonly destinationConnection: Connection;
  readonly bootFiles: readonly LocalFile[];
  /** False while a path of them is not known yet, in a preview: that they are not there says nothing then. */
  readonly areBootFilesKnown?: boolean;
  /** How it is to move, as declared now; absent means as its host knows it. */
  readonly migration?: MigrationSpec;
  /** The GPU partitions that it is to move with; absent means as its host knows them. */
  readonly gpus?: readonly GpuReference[];
}

/** What both hosts say of a move. Without reasons it can be tried, on `grounds`. `offersCold`: live is refused, cold is not. */
export interface MovePreflight {
  readonly way: MoveWay;
  readonly reasons: readonly string[];
  readonly grounds: string;
  readonly offersCold: boolean;
  readonly gpus: GpuWay;
}

/** Asks both hosts how the VM can move, and every reason why not; changes nothing. */
export async function preflightMove(move: Move): Promise<MovePreflight> {
  const { vmId } = move.report;
  const from = withGpus(await move.source.call("describeMove", { params: { vmId } }), move.gpus);
  const to = await move.destination.call("checkMove", { params: { vmId }, body: from.needs });
  const { blockers, coldBlockers = blockers, state } = from;
  const source = { nodeId: move.report.nodeId, state, blockers, coldBlockers, ...from.needs };
  const { mode } = rulesOfMigration(move.migration ?? move.report.spec.migration);
  const doesRun = state === "running" || state === "moving";
  const way: MoveWay = doesRun ? (mode === "cold" ? "cold" : "live") : "stopped";
  const files = await findBootFileReasons(move);
  const gpus = planGpus(from, to, way === "live");
  const coldGpus = planGpus(from, to, false);
  const cold = [...findColdReasons(source, to), ...findOlderReasons(move), ...files, ...coldGpus.reasons];
  const forbidden = mode === "forbid" ? ['its migration.mode is "forbid"'] : [];
  const reasons = [
    ...forbidden,
    ...(way === "live" ? [...findMoveReasons(source, to), ...files, ...gpus.reasons] : cold),
  ];
  const offersCold = way === "live" && forbidden.length === 0 && reasons.length > 0 && cold.length === 0;
  const aboutGpus = gpus.grounds === undefined ? [] : [gpus.grounds];
  const grounds = [describeMoveGrounds(source, to), ...aboutGpus, ...describeOlder(move)].join(", ");
  return { way, reasons, grounds, offersCold, gpus: gpus.way };
}

/** What the source will say once the GPUs that are declared now are written down there. */
function withGpus(from: MoveSourceReport, gpus: Move["gpus"]): MoveSourceReport {
  if (gpus === undefined || (from.needs.gpus ?? gpus).length + gpus.length === 0) return from;
  const { gpus: _, ...needs } = from.needs;
  if (gpus.length > 0) return { ...from, needs: { ...needs, gpus } };
  const { gpus: __, ...others } = from; // it is ejected before the move
  return { ...others, needs };
}

function planGpus(from: MoveSourceReport, to: MoveDestinationReport, doesRun: boolean): GpuMovePlan {
  const { ports, plugged, blockers } = from.gpus ?? { ports: 0, plugged: 0, blockers: [] };
  const source = { declared: from.needs.gpus ?? [], ports, plugged, blockers };
  return planGpuMove(source, { nodeId: to.nodeId, reasons: to.gpuReasons ?? [], free: to.freeGpus ?? [] }, doesRun);
}

/** Agents of protocol 1 know live moves only. */
function findOlderReasons({ source, destination }: Move): string[] {
  return [source, destination]
    .filter(({ protocol }) => protocol < 2)
    .map(({ hostLabel }) => `the agent on ${hostLabel} is older and knows live moves only; update its MeshNode first`);
}

/** What of the VM an older agent on its new host does without. */
function describeOlder({ report, source, destination }: Move): string[] {
  const { hostLabel, protocol } = destination;
  const body = { record: { spec: report.spec, lastMigration: report.lastMigration } };
  const lost = protocol < source.protocol ? wordsFor(protocol, "prepareMove", body).lost : [];
  return lost.length === 0 ? [] : [describeLost(`the agent on ${hostLabel}`, protocol, lost)];
}

/** Moves the VM and gives what its new host reports. PREFLIGHT_FAILED with all reasons; MOVE_FAILED, MOVE_UNDECIDED. */
export async function moveVm(move: Move, context: HandlerContext): Promise<VmReport> {
  const { report, source, destination } = move;
  const { nodeId: destinationId } = await destination.call("getIdentity", {});
  if (await joinMoveUnderWay({ report, source, destinationId }, context)) return readBack(move, destinationId);
  const preflight = await preflightMove(move);
  if (preflight.reasons.length > 0) throw refusedMove(report, destinationId, preflight);
  const [sourceNode, destinationNode] = await Promise.all([describeNode(source), describeNode(destination)]);
  await uploadBootFiles(move, context);
  const operationId = await chooseOperationId(source, "move", moveWish(report, destinationId));
  const params = { vmId: report.vmId };
  await destination.call("expectMove", {
    params,
    body: { moveId: operationId, vmId: report.vmId, source: sourceNode },
  });
  const operation = await source.call("moveVm", {
    params,
    body: {
      operationId,
      owner: report.owner,
      destination: destinationNode,
      destinationConnection: move.destinationConnection,
      ...declaredRules(move),
      ...(preflight.gpus === "carry" ? { gpus: "carry" as const } : {}),
    },
  });
  await source.follow(operation, (progress) => context.report.progress(report.spec.name, progress));
  return readBack(move, destinationNode.nodeId);
}

/** Only what its host does not know already: an agent of the version before knows no such field. */
function declaredRules({ migration, report }: Move): { migration?: MigrationSpec } {
  if (migration === undefined) return {};
  const [wanted, known] = [rulesOfMigration(migration), rulesOfMigration(report.spec.migration)];
  const keys = Object.keys({ ...wanted, ...known }) as (keyof MigrationSpec)[];
  return keys.every((key) => wanted[key] === known[key]) ? {} : { migration };
}

/** The move's refusal, each reason on a line of its own. */
function refusedMove(report: VmReport, destinationId: string, { way, reasons, offersCold }: MovePreflight): LeeaError {
  const list = reasons.map((reason) => `  ${reason}`).join("\n");
  const how = { live: " live", cold: " cold", stopped: "" }[way];
  const offer = offersCold ? `, ${coldOffer}` : "";
  return new LeeaError({
    code: "PREFLIGHT_FAILED",
    message: `VM "${report.spec.name}" cannot move${how} from ${report.nodeId} to ${destinationId}:\n${list}`,
    hint: `It ${way === "stopped" ? "stays" : "goes on running"} on ${report.nodeId}. Mend what is named above and run again${offer}, or declare its node as ${report.nodeId}.`,
    details: { reasons, offersCold },
  });
}

async function describeNode(session: HostSession): Promise<NodeDescriptor> {
  const { descriptor, identity } = await session.call("getNode", {});
  if (descriptor !== undefined) return descriptor;
  throw new LeeaError({
    code: "PREFLIGHT_FAILED",
    message: `Host ${session.hostLabel} (${identity.nodeId}) is in no mesh`,
    hint: "Declare it as a MeshNode with a peer that is in the mesh.",
  });
}

/** Success is what the new host reports, never what was asked. */
async function readBack(move: Move, destinationId: string): Promise<VmReport> {
  const answer = await move.destination.call("getVm", { params: { vmId: move.report.vmId } });
  if (answer.found === "here" && answer.report.nodeId === destinationId) return answer.report;
  throw new LeeaError({
    code: "MOVE_UNDECIDED",
    message: `The move of VM "${move.report.spec.name}" was reported as done, and ${destinationId} does not have it (it answers "${answer.found}")`,
    hint: "Run `pulumi refresh` to see where it is.",
  });
}

/** QEMU on the destination opens the boot files when it starts, so they must be there before the move. */
async function uploadBootFiles(move: Move, context: HandlerContext): Promise<void> {
  for (const hash of await findMissingBootFiles(move)) {
    const file = await findLocalFile(move.bootFiles, hash);
    if (file !== undefined)
      await move.destination.uploadImage(file.path, (progress) =>
        context.report.progress(move.report.spec.name, progress),
      );
  }
}

async function findBootFileReasons(move: Move): Promise<string[]> {
  const reasons: string[] = [];
  if (move.areBootFilesKnown === false) return reasons;
  for (const hash of await findMissingBootFiles(move)) {
    const file = await findLocalFile(move.bootFiles, hash);
    if (file === undefined)
      reasons.push(
        `the boot file that it was started with (SHA-256 ${hash.slice(0, 12)}…) is neither on the new host nor on this machine`,
      );
  }
  return reasons;
}

async function findMissingBootFiles(move: Move): Promise<string[]> {
  const { boot } = move.report.spec;
  const missing: string[] = [];
  for (const hash of [boot?.kernel, boot?.initrd]) {
    if (hash === undefined) continue;
    const { present } = await move.destination.call("hasImage", { params: { hash } });
    if (!present) missing.push(hash);
  }
  return missing;
}

async function findLocalFile(files: readonly LocalFile[], hash: string): Promise<LocalFile | undefined> {
  for (const file of files) if ((await hashFile(file.path).catch(() => undefined)) === hash) return file;
  return undefined;
}
