// The GpuPartition resource, as both front doors drive it. Its place is fixed: what it is made of, and its host, replace it.

import { createHash } from "node:crypto";
import type { GpuPartitionInputs } from "../../../schema/generated/declared";
import { gpuPartition } from "../../../schema/gpu-partition";
import { compareGpuPartition } from "../../model/changes/gpu-changes";
import { LeeaError } from "../../model/errors";
import { checkGpuPartition } from "../../model/gpu/inputs/check-gpu-partition";
import { derivePartitionId } from "../../model/gpu/partition-id";
import { asNumber, asText } from "../../model/inputs/loose-values";
import type { PartitionAnswer } from "../../protocol/gpu";
import type { HostSession } from "../host-session";
import { chooseOperationId } from "./choose-operation-id";
import { foreseePartition } from "./gpu-partition/foresee-partition";
import { inputsOfPartition, outputsOfPartition } from "./gpu-partition/partition-values";
import { putPartition } from "./gpu-partition/put-partition";
import {
  type CheckResult,
  type DiffResult,
  type FoundState,
  type HandlerContext,
  type KnownState,
  type Reached,
  type ResourceHandler,
  type Values,
  withHost,
} from "./handler-context";
import { isSilence } from "./is-silence";
import { validateInputs } from "./validate-inputs";

/** The handler of GPU partitions. Its id is the partitionId. */
export const gpuPartitionHandler: ResourceHandler = {
  definition: gpuPartition,
  check: checkInputs,
  diff: (_id, known, inputs) => Promise.resolve(diffPartition(known, inputs)),
  create: createPartition,
  read: readPartition,
  update: updatePartition,
  find: findPartition,
  delete: deletePartition,
};

async function checkInputs(
  declared: Values,
  previous: Values | undefined,
  context: HandlerContext,
): Promise<CheckResult> {
  const named = { ...declared, name: declared["name"] ?? declared["logicalName"] };
  const { values, problems } = validateInputs(gpuPartition, named);
  const found = [...problems, ...checkGpuPartition(values)];
  const isNew = previous === undefined && found.length === 0;
  return { inputs: values, problems: isNew ? await foreseePartition(idOf(values), values, context) : found };
}

/** As it is born; computed once, then it is state. */
function idOf(inputs: Values): string {
  const { owner, logicalName } = inputs as unknown as GpuPartitionInputs;
  return derivePartitionId(owner, logicalName, (text) => createHash("sha256").update(text).digest());
}

function diffPartition(known: KnownState, inputs: Values): DiffResult {
  const name = asText(inputs["name"]) ?? "GPU partition";
  const plan = compareGpuPartition(known.inputs, inputs, asText(known.outputs["state"]));
  const replaces = plan.changes.filter(({ change }) => change === "replace").map(({ field }) => field);
  const reasons = plan.changes.map(({ reason }) => reason).join(", ");
  const what = replaces.length > 0 ? "is released and made anew" : "is updated";
  return {
    hasChanges: plan.verdict !== "none",
    replaces,
    lines:
      plan.changes.length === 0 ? [] : [`${name}: ${what}, because ${reasons}`, ...tellHolder(name, known, replaces)],
    ...(plan.equal === undefined ? {} : { equal: plan.equal }),
  };
}

/** The host refuses to release what a VM has; a program that also drops it from the VM is in order. */
function tellHolder(name: string, known: KnownState, replaces: readonly string[]): readonly string[] {
  const holder = asText(known.outputs["heldBy"]);
  if (holder === undefined || replaces.length === 0) return [];
  return [`${name}: VM ${holder} has it, and it is not released while that VM keeps it`];
}

async function createPartition(
  inputs: Values,
  context: HandlerContext,
  reached: Reached,
): Promise<{ id: string; outputs: Values }> {
  const declared = inputs as unknown as GpuPartitionInputs;
  const { owner, logicalName } = declared;
  const partitionId = idOf(inputs);
  const wish = { partitionId, owner, logicalName, inputs: declared, creating: true };
  const report = await onHost(declared, context, async (session) => {
    const before = await ask(session, partitionId);
    refuseRenamed(before, declared);
    return putPartition(session, wish, context, () => reached(partitionId, before.found === "here"));
  });
  return { id: partitionId, outputs: { ...outputsOfPartition(report) } };
}

/** Its logical name is free again for a program that renamed it; its id is not. */
function refuseRenamed(answer: PartitionAnswer, inputs: GpuPartitionInputs): void {
  if (answer.found === "absent" || answer.report.spec.name === inputs.name) return;
  const { name } = answer.report.spec;
  throw new LeeaError({
    code: "CONFLICT",
    message: `GpuPartition "${inputs.name}" would be the one that ${answer.report.owner} made under that name and calls "${name}" now`,
    hint: `Declare its name as "${name}" to adopt it, or give the new one another name.`,
    details: { partitionId: answer.report.partitionId, name },
  });
}

async function readPartition(id: string, known: KnownState, context: HandlerContext): Promise<KnownState | undefined> {
  const declared = known.inputs as unknown as GpuPartitionInputs;
  try {
    const answer = await onHost(declared, context, (session) => ask(session, id));
    if (answer.found === "absent") return undefined;
    return { inputs: known.inputs, outputs: { ...outputsOfPartition(answer.report) } };
  } catch (error) {
    if (!isSilence(error)) throw error;
    // Unreachable is not gone: the last state stays, and the other hosts go on.
    const why = error.message.split("\n")[0];
    context.report.note(declared.name, `its host does not answer, so its last known state is kept (${why})`);
    return { inputs: known.inputs, outputs: { ...known.outputs, state: "unreachable" } };
  }
}

async function updatePartition(
  id: string,
  _known: KnownState,
  inputs: Values,
  context: HandlerContext,
): Promise<KnownState> {
  const declared = inputs as unknown as GpuPartitionInputs;
  const { owner, logicalName } = declared;
  const wish = { partitionId: id, owner, logicalName, inputs: declared, creating: false };
  const report = await onHost(declared, context, (session) => putPartition(session, wish, context, () => undefined));
  return { inputs, outputs: { ...outputsOfPartition(report) } };
}

async function findPartition(where: Values, context: HandlerContext): Promise<FoundState | undefined> {
  const declared = where as unknown as GpuPartitionInputs;
  return withHost(context.hosts, declared.nodeConnection, { install: "never", ...expected(where) }, async (session) => {
    const { partitions } = await session.call("listGpus", {});
    const matches = partitions.filter(({ spec, partitionId }) => [spec.name, partitionId].includes(declared.name));
    const [report] = matches;
    if (report === undefined) return undefined;
    if (matches.length > 1) throw ambiguousError(declared.name, session.hostLabel, matches);
    const { nodeId } = await session.call("getIdentity", {});
    const inputs = inputsOfPartition(report, { node: nodeId, nodeConnection: declared.nodeConnection });
    return { id: report.partitionId, state: { inputs: { ...inputs }, outputs: { ...outputsOfPartition(report) } } };
  });
}

function expected(where: Values): { readonly expectNodeId?: string } {
  const nodeId = asText(where["node"]);
  return nodeId === undefined ? {} : { expectNodeId: nodeId };
}

function ambiguousError(
  name: string,
  hostLabel: string,
  matches: readonly { readonly partitionId: string; readonly owner: string }[],
): LeeaError {
  const list = matches.map(({ partitionId, owner }) => `  ${partitionId} of ${owner}`);
  return new LeeaError({
    code: "CONFLICT",
    message: `Several GPU partitions of ${hostLabel} are called "${name}":\n${list.join("\n")}`,
    hint: "Give the id of one of them instead of the name.",
  });
}

async function deletePartition(id: string, known: KnownState, context: HandlerContext): Promise<void> {
  const declared = known.inputs as unknown as GpuPartitionInputs;
  await onHost(declared, context, async (session) => {
    const answer = await ask(session, id);
    if (answer.found === "absent") return;
    // A state without incarnation comes from a create that failed half-way: what is there is what it left.
    const incarnation = asNumber(known.outputs["incarnation"]) ?? answer.report.incarnation;
    const operationId = await chooseOperationId(session, "delete-gpu", [id, incarnation]);
    const body = { operationId, incarnation };
    const operation = await session.call("deleteGpuPartition", { params: { partitionId: id }, body });
    await session.follow(operation, (progress) => context.report.progress(declared.name, progress));
  });
}

function ask(session: HostSession, partitionId: string): Promise<PartitionAnswer> {
  return session.call("getGpuPartition", { params: { partitionId } });
}

function onHost<T>(
  { node, nodeConnection, name }: GpuPartitionInputs,
  context: HandlerContext,
  act: (session: HostSession) => Promise<T>,
): Promise<T> {
  const report = (line: string): void => context.report.note(name, line);
  return withHost(context.hosts, nodeConnection, { install: "never", expectNodeId: node, report }, act);
}
