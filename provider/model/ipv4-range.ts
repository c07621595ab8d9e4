// IPv4 addresses and ranges as unsigned numbers. Refuses what only looks like one: an octet above 255, a leading zero
// (octal to some), host bits set after the prefix.

/** A range: first and last address as unsigned 32-bit numbers, and the prefix length. */
export interface Ipv4Range {
  readonly first: number;
  readonly last: number;
  readonly prefix: number;
}

/** "10.0.0.1" as an unsigned number; undefined where it is none. */
export function parseIpv4(text: string): number | undefined {
  const parts = text.split(".");
  if (parts.length !== 4 || !parts.every((part) => /^(0|[1-9][0-9]{0,2})$/.test(part) && Number(part) <= 255)) {
    return undefined;
  }
  return parts.reduce((sum, part) => sum * 256 + Number(part), 0);
}

/** An unsigned number as "10.0.0.1". */
export function formatIpv4(address: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join(".");
}

/** "10.0.0.0/8" as a range, or what is wrong with the text. An address without a prefix is a range of one. */
export function parseIpv4Range(text: string): Ipv4Range | { readonly problem: string } {
  const [addressText = "", prefixText = "32"] = text.split("/");
  const address = parseIpv4(addressText);
  if (address === undefined) return { problem: `"${addressText}" is no IPv4 address` };
  const prefix = Number(prefixText);
  if (!/^(0|[1-9][0-9]?)$/.test(prefixText) || prefix > 32) {
    return { problem: `"/${prefixText}" is no prefix length; it is 0 to 32` };
  }
  const size = 2 ** (32 - prefix);
  const first = Math.floor(address / size) * size;
  if (first !== address) return { problem: `has bits set after its prefix; write ${formatIpv4(first)}/${prefix}` };
  return { first, last: first + size - 1, prefix };
}

/** True where the two share an address. */
export function rangesOverlap(left: Ipv4Range, right: Ipv4Range): boolean {
  return left.first <= right.last && right.first <= left.last;
}

/** True where the address, as text, lies in the range. */
export function rangeHolds(range: Ipv4Range, address: string): boolean {
  const value = parseIpv4(address);
  return value !== undefined && value >= range.first && value <= range.last;
}

/** The address that a digest (at least 4 bytes) draws from the range; undefined where it drew the first or the last one. */
export function drawIpv4(range: Ipv4Range, digest: Uint8Array): string | undefined {
  const drawn = new DataView(digest.buffer, digest.byteOffset, 4).getUint32(0);
  const address = range.first + (drawn % (range.last - range.first + 1));
  return address === range.first || address === range.last ? undefined : formatIpv4(address);
}
