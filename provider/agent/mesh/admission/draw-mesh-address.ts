// A node's IPv4 address in the mesh, drawn by its fingerprint. What is taken is the caller's knowledge.

import { LeeaError } from "../../../model/errors";
import { drawIpv4, type Ipv4Range, parseIpv4Range } from "../../../model/ipv4-range";
import { digestFingerprint } from "../identity";

/** Draws an address for a fingerprint that `isTaken` does not know: hash(fingerprint, 0), then 1, 2, … Errors: NETWORK_CONFLICT. */
export function drawMeshAddress(nodeRange: string, fingerprint: string, isTaken: (address: string) => boolean): string {
  const range = requireRange(nodeRange);
  for (let draw = 0; draw < 4096; draw += 1) {
    const address = drawIpv4(range, digestFingerprint(fingerprint, draw));
    // Some software takes an address that ends in 0 or 255 for a network's or a broadcast's, whatever its prefix.
    if (address !== undefined && !/\.(0|255)$/.test(address) && !isTaken(address)) return address;
  }
  throw new LeeaError({
    code: "NETWORK_CONFLICT",
    message: `No address is free in the nodes' range ${nodeRange}`,
    hint: "The range is fixed by the mesh's first node: build a new mesh with a larger one.",
  });
}

function requireRange(text: string): Ipv4Range {
  const range = parseIpv4Range(text);
  if ("problem" in range) throw new TypeError(`"${text}" is no IPv4 range`);
  return range;
}
