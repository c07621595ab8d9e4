// Whether a host that has booted may start a VM that its record calls its own. The record may be from another time (a
// disk image of yesterday), so every member of the mesh is asked for its own record first. With `n` our generation:
//
//   an owner of a generation above n answered                        give way: ours is an old copy
//   somebody did not answer                                          wait for them
//   an owner of generation n, incoming or released from n on         wait: who has it is not settled
//   a former of generation n+1, no owner                             start: that was an earlier VM of this id, deleted since
//   any other record of a generation above n                         wait: it went on elsewhere after our record
//   else                                                             start
//
// A record of an older generation is history: it went on to us. A `former` of n+1 held generation n itself: had our record
// been of that life, the former would be us.

import type { Role } from "../ownership";

/** One member's own record of the VM; without `role` it has none. */
export interface HostWord {
  readonly nodeId: string;
  readonly role?: Role;
  readonly generation?: number;
}

/** Everything that was heard. `silent`: members that are known to be there and did not answer. */
export interface ClaimState {
  readonly generation: number;
  readonly words: readonly HostWord[];
  readonly silent: readonly string[];
}

/** `waitFor`: node ids whose word is missing or must change. */
export type ClaimDecision =
  | { readonly act: "start"; readonly because: string }
  | { readonly act: "give-way"; readonly to: string; readonly generation: number; readonly because: string }
  | { readonly act: "wait"; readonly waitFor: readonly string[]; readonly because: string };

type HeldWord = HostWord & { readonly role: Role; readonly generation: number };

/** The rule of the table above. */
export function decideClaim({ generation, words, silent }: ClaimState): ClaimDecision {
  const held = words.filter((word): word is HeldWord => word.role !== undefined && word.generation !== undefined);
  const newest = held
    .filter((word) => word.role === "owner" && word.generation > generation)
    .sort((one, other) => other.generation - one.generation)[0];
  if (newest !== undefined) return giveWay(newest, generation);
  if (silent.length > 0) return wait(silent, `waits for ${list(silent)} to say whether the VM is there`);
  const unsettled = held.filter((word) => isLive(word.role) && word.generation >= generation);
  if (unsettled.length > 0) return wait(idsOf(unsettled), `waits, because ${describe(unsettled)}`);
  const later = held.filter((word) => word.generation > generation);
  if (later.length > 0 && !later.some((word) => word.role === "former" && word.generation === generation + 1))
    return wait(
      idsOf(later),
      `waits to be started by hand, because the VM went on after this host's record (generation ${generation}): ${describe(later)}`,
    );
  const asked =
    words.length === 0 ? "no other host is in the mesh" : `${words.length} other host(s) say they do not have it`;
  return { act: "start", because: asked };
}

function giveWay({ nodeId, generation }: HeldWord, own: number): ClaimDecision {
  const because = `${nodeId} has the VM at generation ${generation}, and this host's record is of generation ${own}`;
  return { act: "give-way", to: nodeId, generation, because };
}

function isLive(role: Role): boolean {
  return role === "owner" || role === "incoming" || role === "released";
}

function wait(waitFor: readonly string[], because: string): ClaimDecision {
  return { act: "wait", waitFor, because };
}

function idsOf(words: readonly HeldWord[]): readonly string[] {
  return words.map(({ nodeId }) => nodeId);
}

function describe(words: readonly HeldWord[]): string {
  return words.map(({ nodeId, role, generation }) => `${nodeId} says ${role}, generation ${generation}`).join("; ");
}

function list(nodeIds: readonly string[]): string {
  return nodeIds.length === 1 ? `host ${nodeIds[0]}` : `hosts ${nodeIds.join(", ")}`;
}
