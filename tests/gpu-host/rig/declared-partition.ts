// GpuPartitions of an emulated host: made, read and deleted by the controller's real handler, over SSH.

import { gpuPartitionHandler } from "../../../provider/controller/handlers/gpu-partition";
import type { KnownState, Values } from "../../../provider/controller/handlers/handler-context";
import { inputError } from "../../../provider/model/errors";
import { type DeclaredNode, nodeContext } from "./declared-node";

/** A GpuPartition as its last create, read or update left it. */
export interface DeclaredPartition {
  readonly id: string;
  readonly known: KnownState;
}

/** The inputs of a partition on the node; a mistake in what is declared fails the test. */
export async function checkedPartition(node: DeclaredNode, logicalName: string, declared: Values): Promise<Values> {
  const own = { owner: "acme/gpu/test", logicalName, node: node.id, nodeConnection: node.host.connection };
  const { inputs, problems } = await gpuPartitionHandler.check({ ...own, ...declared }, undefined, nodeContext);
  // What its host has against the device is for create to tell as well, by name.
  const mistakes = problems.filter(({ field }) => field !== "device");
  if (mistakes.length > 0) throw inputError("The test's GpuPartition", mistakes);
  return inputs;
}

/** Makes one. */
export async function makePartition(
  node: DeclaredNode,
  logicalName: string,
  declared: Values,
): Promise<DeclaredPartition> {
  const inputs = await checkedPartition(node, logicalName, declared);
  const { id, outputs } = await gpuPartitionHandler.create(inputs, nodeContext, () => undefined);
  return { id, known: { inputs, outputs } };
}

/** What `refresh` says of it; undefined where the host has it no more. */
export async function readPartition({ id, known }: DeclaredPartition): Promise<Values | undefined> {
  return (await gpuPartitionHandler.read(id, known, nodeContext))?.outputs;
}

/** What `up` makes of it again. */
export async function updatePartition({ id, known }: DeclaredPartition): Promise<Values> {
  return (await gpuPartitionHandler.update(id, known, known.inputs, nodeContext)).outputs;
}

/** Deletes it. */
export async function deletePartition({ id, known }: DeclaredPartition): Promise<void> {
  await gpuPartitionHandler.delete(id, known, nodeContext);
}

/**
 * The names of the troubles that a create is refused with; "done" where it is not. What it left is deleted, as the engine
 * deletes a create that failed half-way.
 */
export async function refusalsOf(node: DeclaredNode, logicalName: string, declared: Values) {
  const inputs = await checkedPartition(node, logicalName, declared);
  const reached: string[] = [];
  const troubles = await troublesOf(gpuPartitionHandler.create(inputs, nodeContext, (id) => void reached.push(id)));
  for (const id of reached) await gpuPartitionHandler.delete(id, { inputs, outputs: {} }, nodeContext);
  return troubles;
}

/** The names of the troubles that an act is refused with; "done" where it is not. */
export async function troublesOf(act: Promise<unknown>): Promise<string | readonly string[]> {
  try {
    await act;
    return "done";
  } catch (error) {
    const { details } = error as { details?: { trouble?: string; troubles?: readonly string[] } };
    if (details?.trouble === undefined) throw error;
    return details.troubles ?? [details.trouble];
  }
}
