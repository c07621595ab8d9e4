// Brings a VM that exists to what is declared: finds it, moves it where its host is to be another one, then makes
// the rest so on its host. A VM that was lost is never made anew unasked.

import type { VMInputs } from "../../../../schema/generated/declared";
import { inputError, isLeeaError, LeeaError } from "../../../model/errors";
import { gpusOnNode } from "../../../model/gpu/vm/vm-gpus";
import { asNumber, asText } from "../../../model/inputs/loose-values";
import { gpuReferencesOf, migrationOf } from "../../../model/inputs/vm-spec-of";
import type { VmReport } from "../../../protocol/vm";
import { moveVm } from "../../move-vm";
import { type HandlerContext, type KnownState, type Values, withHost } from "../handler-context";
import { awaitWork } from "./await-work";
import { findVmChanges } from "./diff-vm";
import { type FoundVm, findVm } from "./find-vm";
import { gpusForMove, listGpusBeforehand } from "./list-gpus-beforehand";
import { listBootFiles } from "./local-files";
import { type PutVmWish, putVm } from "./put-vm";
import { knownContents, outputsOfVm } from "./vm-outputs";

/** Updates the VM and gives its state as its host reports it. */
export async function updateVm(
  vmId: string,
  known: KnownState,
  inputs: Values,
  context: HandlerContext,
): Promise<KnownState> {
  const declared = inputs as unknown as VMInputs;
  const plan = await findVmChanges(known, declared, context);
  if (plan.problems.length > 0) throw inputError(`VM "${declared.name}"`, plan.problems);
  const found = await findOld(vmId, known, declared, context);
  if (found === undefined) return makeAfterFailedCreate(vmId, known, declared, context);
  const atNode = await bringToNode(found, declared, context);
  const isOnlyPlace =
    plan.changes.length > 0 &&
    plan.changes.every(({ field }) => field === "node" || field.startsWith("nodeConnection"));
  // A VM that was moved while it did not run is brought to its declared power state there.
  if (isOnlyPlace && atNode.state === declared.powerState && hasItsGpus(atNode)) return stateOf(inputs, known, atNode);
  return putHere(wishOf(vmId, known, declared, atNode), context);
}

/** What was ejected for a move and is not back is plugged in by a put, which says what keeps it out. */
function hasItsGpus({ spec, nodeId, state, gpus = [] }: VmReport): boolean {
  return state !== "running" || gpusOnNode(spec, nodeId).every((partitionId) => gpus.includes(partitionId));
}

/** Asks the host of the state, then the declared one: a VM whose old host is lost may already be on the new one. */
async function findOld(
  vmId: string,
  known: KnownState,
  inputs: VMInputs,
  context: HandlerContext,
): Promise<FoundVm | undefined> {
  const old = known.inputs as unknown as VMInputs;
  const declared = { nodeId: inputs.node, connection: inputs.nodeConnection };
  if (old.node === inputs.node) return findVm(context.hosts, vmId, declared);
  try {
    return await findVm(context.hosts, vmId, { nodeId: old.node, connection: old.nodeConnection });
  } catch (error) {
    if (!isLeeaError(error, "HOST_UNREACHABLE")) throw error;
    const elsewhere = await findVm(context.hosts, vmId, declared);
    if (elsewhere !== undefined) return elsewhere;
    throw new LeeaError({
      code: "HOST_UNREACHABLE",
      message: `Unable to move VM "${inputs.name}" from ${old.node}, because that host does not answer`,
      hint: "Bring the host back and run again. The VM is not made anew elsewhere: it may still be running there.",
      cause: error,
    });
  }
}

async function bringToNode(found: FoundVm, inputs: VMInputs, context: HandlerContext): Promise<VmReport> {
  try {
    await awaitWork(found.session, found.report, context);
    if (found.report.nodeId === inputs.node) return found.report;
    const tell = (line: string): void => context.report.note(inputs.name, line);
    const open = { install: "never", expectNodeId: inputs.node, report: tell } as const;
    const source = found.session;
    return await withHost(context.hosts, inputs.nodeConnection, open, async (destination) => {
      const gpus = { gpus: gpuReferencesOf(inputs.gpus), destinationId: inputs.node };
      return moveVm(
        {
          report: await listGpusBeforehand(source, found.report, gpus, context),
          source,
          destination,
          destinationConnection: inputs.nodeConnection,
          bootFiles: listBootFiles(inputs, context.programFolder),
          migration: migrationOf(inputs.migration),
          gpus: gpusForMove(found.report.spec, gpus.gpus, inputs.node),
        },
        context,
      );
    });
  } finally {
    found.session.close();
  }
}

/** A create that failed half-way left a state without incarnation; what it left is made whole. Anything else was lost. */
async function makeAfterFailedCreate(
  vmId: string,
  known: KnownState,
  inputs: VMInputs,
  context: HandlerContext,
): Promise<KnownState> {
  if (isHalfCreated(known)) return putHere(wishOf(vmId, known, inputs, undefined), context);
  throw new LeeaError({
    code: "NOT_FOUND",
    message: `VM "${inputs.name}" is not on ${inputs.node} any more, nor anywhere that the host knows of`,
    hint: "Run `pulumi refresh` to drop it from the state; the next `pulumi up` then makes it anew, with empty disks.",
  });
}

function isHalfCreated(known: KnownState): boolean {
  return asNumber(known.outputs["incarnation"]) === undefined;
}

async function putHere(wish: PutVmWish, context: HandlerContext): Promise<KnownState> {
  const tell = (line: string): void => context.report.note(wish.inputs.name, line);
  const open = { install: "never", expectNodeId: wish.inputs.node, report: tell } as const;
  const { report, contents } = await withHost(context.hosts, wish.inputs.nodeConnection, open, (session) =>
    putVm(session, wish, context, () => undefined),
  );
  const inputs = { ...wish.inputs, owner: wish.owner, logicalName: wish.logicalName };
  return { inputs, outputs: { ...outputsOfVm(report, contents) } };
}

function wishOf(vmId: string, known: KnownState, inputs: VMInputs, report: VmReport | undefined): PutVmWish {
  return {
    vmId,
    // Those of its birth: a renamed stack or resource is still the same VM's owner.
    owner: asText(known.inputs["owner"]) ?? inputs.owner,
    logicalName: asText(known.inputs["logicalName"]) ?? inputs.logicalName,
    inputs,
    ...(isHalfCreated(known)
      ? // The create's own wish, so that work of a run that was cut off is joined where it still goes on.
        { creating: true, existingDisks: new Set() }
      : { creating: false, existingDisks: new Set(report?.spec.disks.map(({ name }) => name) ?? []) }),
    contents: knownContents(known.outputs, report),
  };
}

function stateOf(inputs: Values, known: KnownState, report: VmReport): KnownState {
  const contents = knownContents(known.outputs, report);
  const { owner = inputs["owner"], logicalName = inputs["logicalName"] } = known.inputs;
  return { inputs: { ...inputs, owner, logicalName }, outputs: { ...outputsOfVm(report, contents) } };
}
