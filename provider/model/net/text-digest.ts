// A digest of a text for choices that must come out the same on every host: spread evenly, and never a proof of anything.

/** 8 bytes that depend on every character of the text (two FNV-1a sums, each mixed as MurmurHash3 ends). */
export function textDigest(text: string): Uint8Array {
  const bytes = new Uint8Array(8);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, mix(sum(text, 0x811c9dc5)));
  view.setUint32(4, mix(sum(text, 0x2c1b3c6d)));
  return bytes;
}

function sum(text: string, start: number): number {
  let value = start;
  for (let index = 0; index < text.length; index += 1) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  }
  return value;
}

function mix(value: number): number {
  let mixed = value ^ (value >>> 16);
  mixed = Math.imul(mixed, 0x85ebca6b);
  mixed ^= mixed >>> 13;
  mixed = Math.imul(mixed, 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
