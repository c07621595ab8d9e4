// What the recovery rule answers: one of five kinds, and the change that it commands on each host. A record is always
// synced before the guest is touched.

/** What becomes of the move. */
export type VerdictKind = "keep-source" | "finish-on-destination" | "resume-source" | "undo" | "wait";

/** Why nothing can be decided yet. From `two-owners` on: what no crash can bring about; a person must look. */
export type WaitReason =
  | "move-under-way"
  | "destination-unreachable"
  | "source-unreachable"
  | "nobody-reachable"
  | "source-mute"
  | "two-owners"
  | "source-outdated"
  | "destination-forgot"
  | "source-forgot"
  | "records-contradict";

/**
 * What a host does. `record`: the role that it syncs first; an `owner` of the destination is the source's grant. `continue`: ends
 * what is left of a stream, then `cont`. `start`: from its disks, after the end of any QEMU that is left. `stop`: stands still.
 */
export interface HostAct {
  readonly record?: "owner" | "former" | "abandoned";
  readonly guest: "leave" | "continue" | "start" | "stop" | "end";
}

/** The rule's answer. `first`: whose act must have succeeded before the other one begins. */
export interface Verdict {
  readonly kind: VerdictKind;
  readonly why?: WaitReason;
  readonly source: HostAct;
  readonly destination: HostAct;
  readonly first: "source" | "destination";
}

/** Nothing to do on a host. */
export const leave: HostAct = { guest: "leave" };

/** Whether an act changes nothing. */
export function isIdle(act: HostAct): boolean {
  return act.record === undefined && act.guest === "leave";
}
