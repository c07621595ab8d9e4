// The UUID under which a VM's QEMU answers `query-uuid` and the guest sees itself, derived so that it needs no record.

const alphabet = "abcdefghijklmnopqrstuvwxyz234567";

/** UUID version 8 (RFC 9562, 5.8) of the first 128 bits of a base32 vmId, lower case. Shorter ids are padded with zero bits. */
export function vmUuid(vmId: string): string {
  const bytes = first16Bytes(vmId);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

function first16Bytes(base32: string): number[] {
  const bits = Array.from(base32)
    .map((character) => Math.max(0, alphabet.indexOf(character)).toString(2).padStart(5, "0"))
    .join("");
  const padded = bits.slice(0, 128).padEnd(128, "0");
  return Array.from({ length: 16 }, (_, index) => Number.parseInt(padded.slice(index * 8, index * 8 + 8), 2));
}
