// A VM's MAC addresses, drawn from its id: the same on every host, so that a move changes none.

import { textDigest } from "./net/text-digest";

/** MAC of a VM's n-th NIC (from 0): locally administered, unicast, `02:…` in lower case; never that of the gateway. */
export function macFor(vmId: string, nicIndex: number): string {
  const bytes = [...textDigest(`${vmId}/mac/${nicIndex}`).subarray(0, 5)];
  // 02:6c:… is kept for the gateway, which has one MAC on every host.
  if (bytes[0] === 0x6c) bytes[0] = 0x6d;
  return [0x02, ...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join(":");
}
