// Whether a host's own record of a VM permits that a move brings it here. A later generation than the source's means that
// the source's record may be of another time (a restored disk), unless that record cannot be of the same life of the VM.

import type { VmRecord } from "../ownership";

type Claim = Pick<VmRecord, "role" | "generation">;

/**
 * `here`: this host's record; `there`: the source's, which says owner. Two records of one life never held one generation, so
 * a `former` of the source's generation plus one, which held that generation itself, is of an earlier VM of this id. So is
 * one that was deleted here: it owned the highest generation of its life, which ended with it.
 */
export function permitsMove(here: Claim, there: Claim): boolean {
  if (here.role === "owner" || here.role === "released") return false;
  if (here.role === "deleted" || here.generation <= there.generation) return true;
  return here.role === "former" && here.generation === there.generation + 1;
}
