// The words in which changes are judged: what one field's change does, and what all of them do together.

import type { ChangeClass } from "../../../schema/field";
import type { Problem } from "../errors";

/** What is to happen, the heaviest of its changes. `update` reaches the running VM or only the records about it. */
export type Verdict = "none" | "update" | "hotplug" | "restart" | "migrate" | "replace";

/** One change and what it does. */
export interface FieldChange {
  readonly field: string;
  readonly change: ChangeClass;
  readonly reason: string;
}

/** The verdict with everything that led to it. With `problems` the change is refused. */
export interface Changes {
  readonly verdict: Verdict;
  readonly changes: readonly FieldChange[];
  /** Changes that take no effect on what exists. */
  readonly warnings: readonly string[];
  readonly problems: readonly Problem[];
  /** Fields that are written otherwise than before and mean the same. */
  readonly equal?: readonly string[];
}

/** The verdict of several changes together. What applies only at creation changes nothing. */
export function heaviest(classes: readonly ChangeClass[]): Verdict {
  const order: readonly ChangeClass[] = ["replace", "migrate", "restart", "hotplug"];
  const found = order.find((change) => classes.includes(change));
  if (found !== undefined && found !== "none" && found !== "create-only") return found;
  return classes.includes("none") ? "update" : "none";
}
