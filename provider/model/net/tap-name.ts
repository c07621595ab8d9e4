// Names of the interfaces that leea makes beside its links. The prefix decides what the packet filter judges, so a tap in
// the mesh and a tap on a user's bridge must never share one. At most 15 characters (IFNAMSIZ).

import { LeeaError } from "../errors";

/** What the names of taps in the mesh begin with: the packet filter judges every packet on them. */
export const meshTapPrefix = "leeat";
/** What the names of taps on a user's bridge begin with: the packet filter leaves them alone. */
export const bridgeTapPrefix = "leeab";
/** The tunnel that carries a moving VM's packets to a host that is no neighbour. Not a Babel link: it must not begin with `leeal`. */
export const handOverDeviceName = "leeah0";

/** Tap of a VM's n-th NIC (0 to 9): `leeat` or `leeab`, 8 characters of the VM's id, the digit. Error: INTERNAL for an id that is none. */
export function tapName(kind: "mesh" | "bridge", vmId: string, nicIndex: number): string {
  if (!/^[a-z0-9]{8,}$/.test(vmId) || !Number.isInteger(nicIndex) || nicIndex < 0 || nicIndex > 9) {
    throw new LeeaError({
      code: "INTERNAL",
      message: `"${vmId}" NIC ${nicIndex} gives no interface name`,
      hint: "This is a defect in leea; report it with this message.",
    });
  }
  return `${kind === "mesh" ? meshTapPrefix : bridgeTapPrefix}${vmId.slice(0, 8)}${nicIndex}`;
}
