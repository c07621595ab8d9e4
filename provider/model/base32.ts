// RFC 4648 base32 in lower case and without padding: the form of fingerprints and ids. It never reads it back.

const alphabet = "abcdefghijklmnopqrstuvwxyz234567";

/** Base32 of bytes, lower case, no padding: 32 bytes give 52 characters. */
export function encodeBase32(bytes: Uint8Array): string {
  let text = "";
  let pending = 0;
  let pendingBits = 0;
  for (const byte of bytes) {
    pending = ((pending << 8) | byte) & 0xffff;
    pendingBits += 8;
    while (pendingBits >= 5) {
      pendingBits -= 5;
      text += alphabet.charAt((pending >> pendingBits) & 31);
    }
  }
  if (pendingBits > 0) text += alphabet.charAt((pending << (5 - pendingBits)) & 31);
  return text;
}
