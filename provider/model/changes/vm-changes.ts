// What a changed declaration does to a VM that exists: field by field, with the reason that a person reads in preview.
// Only the schema says what a field's change does; the rules of disks and GPUs are added here. Decides, touches nothing.

import type { Fields } from "../../../schema/field";
import type { VMInputs } from "../../../schema/generated/declared";
import { vm } from "../../../schema/vm";
import type { Problem } from "../errors";
import { type Changes, type FieldChange, heaviest } from "./changes";
import { findDiskChanges } from "./disk-changes";
import { findChanges, type ValueChange } from "./same-value";
import { findGpuChanges } from "./vm-gpu-changes";

/** What a declaration says, with the content hashes of the files that it names (by field path such as `boot.kernel`). */
export interface DeclaredVm {
  readonly inputs: VMInputs;
  readonly contents: Readonly<Record<string, string>>;
}

/** Who declared it at its birth; a renamed stack or resource changes nothing. Compared by nobody. */
const birthFields = new Set(["owner", "logicalName"]);
/** Compared by rules of their own. */
const ruledFields = new Set(["disks", "gpus", "allowDataLoss"]);
const comparedFields: Fields = Object.fromEntries(
  Object.entries(vm.inputs).filter(([name]) => !birthFields.has(name) && !ruledFields.has(name)),
);

/** Compares what was declared with what is declared now. */
export function compareVm(before: DeclaredVm, after: DeclaredVm): Changes {
  const plain = findChanges(comparedFields, { ...before.inputs }, { ...after.inputs }).map(asFieldChange);
  const disks = findDiskChanges(before.inputs.disks, after.inputs.disks, after.inputs.allowDataLoss);
  const permission = findChanges({ allowDataLoss: vm.inputs.allowDataLoss }, { ...before.inputs }, { ...after.inputs });
  const equal = plain.map(({ field }) => field).filter((field) => hasSameContent(before, after, field));
  const changes = [
    ...plain.filter(({ field }) => !equal.includes(field)),
    ...findContentChanges(before, after, plain),
    ...disks.changes,
    ...findGpuChanges(before.inputs, after.inputs),
    ...permission.map(asFieldChange),
  ];
  return {
    verdict: heaviest(changes.map(({ change }) => change)),
    changes,
    warnings: disks.warnings,
    problems: disks.problems,
    ...(equal.length === 0 ? {} : { equal }),
  };
}

/** The change that a VM needs because it is found on another host than the declared one. */
export function asMoveBack(inputs: VMInputs, currentNode: string): FieldChange {
  return { field: "node", change: "migrate", reason: `it is on ${currentNode} and declared on ${inputs.node}` };
}

/** The mistake of a changed place under `migration.mode: "forbid"`; none where it stays, or may move. */
export function findForbiddenMove(inputs: VMInputs, changes: readonly FieldChange[]): readonly Problem[] {
  const move = changes.find(({ change }) => change === "migrate");
  if (move === undefined || inputs.migration?.mode !== "forbid") return [];
  return [
    {
      field: "node",
      message: `cannot change, because migration.mode is "forbid": ${move.reason}; declare the host that it is on, or another migration.mode`,
    },
  ];
}

/** The change that a VM needs because its host reports that it does not run, or runs, unlike declared; undefined where it needs none. */
export function asPowerBack(inputs: VMInputs, state: string | undefined): FieldChange | undefined {
  if (state !== "running" && state !== "stopped" && state !== "crashed") return undefined;
  if ((state === "running") === (inputs.powerState === "running")) return undefined;
  return { field: "powerState", change: "none", reason: `it is ${state} and declared ${inputs.powerState}` };
}

/** A boot file that has another path and the same bytes. */
function hasSameContent(before: DeclaredVm, after: DeclaredVm, field: string): boolean {
  const content = before.contents[field];
  return content !== undefined && content === after.contents[field];
}

/** A boot file whose path is the same and whose bytes are not. */
function findContentChanges(before: DeclaredVm, after: DeclaredVm, known: readonly FieldChange[]): FieldChange[] {
  return ["boot.kernel", "boot.initrd"].flatMap((field): FieldChange[] => {
    const [old, next] = [before.contents[field], after.contents[field]];
    const isKnown = known.some((change) => change.field === field);
    if (old === undefined || next === undefined || old === next || isKnown) return [];
    return [{ field, change: "restart", reason: `${field} changed (same path, other content)` }];
  });
}

function asFieldChange({ field, change, reason }: ValueChange): FieldChange {
  return { field, change, reason };
}
