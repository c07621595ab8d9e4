// What becomes of the GPUs of a VM whose declaration changed. A VM uses the partitions of the host that it is on: one that is
// listed for another host changes nothing of a running machine, and a move that changes its host changes its GPUs with it.

import type { VMInputs } from "../../../schema/generated/declared";
import { gpuPortsFor } from "../gpu/vm/vm-gpus";
import { containsUnknown, isUnknown } from "../inputs/unknown-value";
import { gpuReferencesOf } from "../inputs/vm-spec-of";
import type { FieldChange } from "./changes";

type Gpus = VMInputs["gpus"];
type Placed = Pick<VMInputs, "node" | "gpus">;

/** The change, one at most. Its guest goes on running, unless its machine may have too few ports or too little is known. */
export function findGpuChanges(before: Placed, after: Placed): FieldChange[] {
  const [old, next] = [listOf(before), listOf(after)];
  if (JSON.stringify(old) === JSON.stringify(next)) return [];
  if (!Array.isArray(old) || !Array.isArray(next)) return [gpuChange("restart", "its GPUs are not known yet")];
  const [had, gets] = [partitionsAt(before.node, old), partitionsAt(after.node, next)];
  const how = `its GPUs change (${wordsOf(had, gets)})`;
  // A machine that was started without any has no port for those of its new host.
  if (before.node !== after.node)
    return old.length === 0 && gets.length > 0
      ? [gpuChange("restart", how)]
      : [gpuChange("none", "its GPUs change with its host")];
  if (containsUnknown(gets)) return [gpuChange("restart", `${how}, and are not all known yet`)];
  if (isSameSet(had, gets)) return [gpuChange("none", "its list of GPUs changes, but for those of its host")];
  // A machine has as many ports as it was started with; the agent plugs and ejects in these.
  const hasPorts = gets.length <= gpuPortsFor({ gpus: gpuReferencesOf(old) });
  return [gpuChange(hasPorts ? "hotplug" : "restart", how)];
}

/** The change that a VM needs because a GPU is not in its machine, though it runs: ejected for a move that broke off, or by its guest. */
export function asGpusBack(
  inputs: Placed,
  { state, inMachine }: { readonly state: string | undefined; readonly inMachine: unknown },
): FieldChange | undefined {
  const wanted = listOf(inputs);
  if (state !== "running" || !Array.isArray(inMachine) || containsUnknown(wanted)) return undefined;
  const missing = partitionsAt(inputs.node, wanted).filter((id) => !inMachine.includes(id));
  return missing.length === 0
    ? undefined
    : gpuChange(
        "hotplug",
        `${missing.length === 1 ? "a GPU" : `${missing.length} GPUs`} of it ${missing.length === 1 ? "is" : "are"} not in its machine`,
      );
}

/** A state that is older than the field has none. */
function listOf({ gpus }: Placed): Gpus {
  return (gpus as Gpus | undefined) ?? [];
}

/** Ids of those that the host has; one whose host is not known yet may be its own. */
function partitionsAt(node: string, gpus: Gpus): string[] {
  return gpus.filter((gpu) => isUnknown(gpu) || isUnknown(gpu.node) || gpu.node === node).map(({ id }) => id);
}

function isSameSet(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((id) => other.includes(id));
}

function wordsOf(had: readonly string[], gets: readonly string[]): string {
  return had.length === gets.length ? "another partition" : `${count(had)} -> ${count(gets)}`;
}

function count({ length }: readonly string[]): string {
  return length === 0 ? "none" : `${length}`;
}

function gpuChange(change: FieldChange["change"], reason: string): FieldChange {
  return { field: "gpus", change, reason };
}
