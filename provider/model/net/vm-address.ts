// A VM's IPv4 address, drawn from its id: the same on every host. Never looks whether one is free.

import { drawIpv4, type Ipv4Range } from "../ipv4-range";
import { textDigest } from "./text-digest";

/**
 * The n-th address (n from 0) to try for a VM; undefined where that draw is not usable and the next is to be tried. Never one
 * that ends in .0 or .255: some software takes those for a network or a broadcast whatever the mask says.
 */
export function vmAddressCandidate(vmRange: Ipv4Range, vmId: string, n: number): string | undefined {
  const address = drawIpv4(vmRange, textDigest(`${vmId}/${n}`));
  return address === undefined || /\.(0|255)$/.test(address) ? undefined : address;
}
