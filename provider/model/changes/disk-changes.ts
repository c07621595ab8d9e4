// What becomes of the disks of a VM that exists. A disk is known by its name. Data is never lost unasked: a disk never
// shrinks, and goes only where the user allows the loss.

import type { VMInputs } from "../../../schema/generated/declared";
import type { Problem } from "../errors";
import { isContentName } from "../inputs/content-name";
import { formatQuantity, parseQuantity } from "../inputs/parse-quantity";
import { isUnknown } from "../inputs/unknown-value";
import type { FieldChange } from "./changes";

type Disk = VMInputs["disks"][number];

/** Changes, warnings about what takes no effect, and refusals. */
export interface DiskChanges {
  readonly changes: FieldChange[];
  readonly warnings: string[];
  readonly problems: Problem[];
}

/** Compares the disks by name. Lists that are not known yet give one change. */
export function findDiskChanges(before: readonly Disk[], after: readonly Disk[], allowDataLoss: boolean): DiskChanges {
  const found: DiskChanges = { changes: [], warnings: [], problems: [] };
  if (isUnknown(after) || (Array.isArray(after) && after.some(isUnnamed))) {
    found.changes.push({ field: "disks", change: "restart", reason: "disks is not known yet" });
    return found;
  }
  if (!Array.isArray(after) || !Array.isArray(before)) return found;
  after.forEach((disk, index) =>
    compareDisk(
      before.find(({ name }) => name === disk.name),
      disk,
      `disks[${index}]`,
      found,
    ),
  );
  for (const disk of before) if (!after.some(({ name }) => name === disk.name)) addRemoved(disk, allowDataLoss, found);
  if (found.changes.length === 0 && isReordered(before, after)) {
    found.changes.push({ field: "disks", change: "restart", reason: "the order of the disks changed" });
  }
  return found;
}

/** True where it cannot be told which disk it is. */
function isUnnamed(disk: Disk): boolean {
  return isUnknown(disk) || isUnknown(disk.name);
}

function compareDisk(old: Disk | undefined, disk: Disk, field: string, found: DiskChanges): void {
  if (old === undefined) {
    found.changes.push({ field, change: "restart", reason: `disk "${disk.name}" is added` });
    return;
  }
  const [before, after] = [bytesOf(old.size), bytesOf(disk.size)];
  if (before !== undefined && after !== undefined && after !== before)
    compareSize({ name: disk.name, field, before, after }, found);
  if (isUnknown(disk.size))
    found.changes.push({ field: `${field}.size`, change: "restart", reason: `${field}.size is not known yet` });
  if (old.image !== disk.image && !isContentName(old.image)) {
    found.changes.push({
      field: `${field}.image`,
      change: "create-only",
      reason: `image of disk "${disk.name}" changed`,
    });
    found.warnings.push(`disk "${disk.name}" keeps its data: an image fills a disk only when it is made`);
  }
}

function compareSize(size: { name: string; field: string; before: number; after: number }, found: DiskChanges): void {
  const [before, after] = [formatQuantity(size.before, "bytes"), formatQuantity(size.after, "bytes")];
  if (size.after > size.before) {
    found.changes.push({
      field: `${size.field}.size`,
      change: "restart",
      reason: `disk "${size.name}" grows (${before} -> ${after})`,
    });
  } else {
    found.problems.push({
      field: `${size.field}.size`,
      message: `disk "${size.name}" has ${before} and never shrinks; write ${before} or more`,
    });
  }
}

function addRemoved(disk: Disk, allowDataLoss: boolean, found: DiskChanges): void {
  if (allowDataLoss) {
    found.changes.push({ field: "disks", change: "restart", reason: `disk "${disk.name}" is removed with its data` });
  } else {
    found.problems.push({
      field: "disks",
      message: `disk "${disk.name}" holds data and is not declared any more; set allowDataLoss: true to lose it`,
    });
  }
}

function isReordered(before: readonly Disk[], after: readonly Disk[]): boolean {
  return before.some((disk, index) => after[index] !== undefined && after[index].name !== disk.name);
}

function bytesOf(size: string): number | undefined {
  const parsed = parseQuantity(size, "bytes");
  return parsed.ok ? parsed.value : undefined;
}
