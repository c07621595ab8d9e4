// A node's IPv6 addresses, both made from the digest of its identity key, so that an address tells whose it is.

/** A ULA /48 (RFC 4193) from 5 random bytes, such as `fd12:3456:789a::/48`. */
export function drawRange6(random: Uint8Array): string {
  const bytes = Uint8Array.of(0xfd, ...random.subarray(0, 5));
  return `${groupsOf(bytes).join(":")}::/48`;
}

/** True for a ULA /48 as `drawRange6` writes it. */
export function isRange6(text: string): boolean {
  return /^fd[0-9a-f]{2}:[0-9a-f]{1,4}:[0-9a-f]{1,4}::\/48$/.test(text);
}

/** Mesh address: the /48 and the first 80 bits of the digest, lower case, all eight groups written. */
export function meshAddress6(range6: string, digest: Uint8Array): string {
  const network = range6.slice(0, range6.indexOf("::"));
  return [network, ...groupsOf(digest.subarray(0, 10))].join(":");
}

/** Link-local address for every link of the node: fe80::/64 and the first 64 bits of the digest, bare of a length. */
export function linkLocalAddress6(digest: Uint8Array): string {
  return ["fe80", "0", "0", "0", ...groupsOf(digest.subarray(0, 8))].join(":");
}

function groupsOf(bytes: Uint8Array): string[] {
  const groups: string[] = [];
  for (let index = 0; index < bytes.length; index += 2) {
    groups.push((((bytes[index] ?? 0) << 8) | (bytes[index + 1] ?? 0)).toString(16));
  }
  return groups;
}
