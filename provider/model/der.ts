// The few words of DER (X.690) that a certificate is written in. Encodes only. Pure.

/** One element: tag, length, content. */
export function der(tag: number, ...parts: readonly ArrayLike<number>[]): Uint8Array {
  const content = joined(parts);
  return joined([[tag], lengthOf(content.length), content]);
}

/** Constructed elements by their X.680 names. */
export const sequence = (...parts: readonly Uint8Array[]): Uint8Array => der(0x30, ...parts);
/** SET OF one. */
export const setOf = (part: Uint8Array): Uint8Array => der(0x31, part);
/** A context-specific constructed tag `[number]`. */
export const tagged = (number: number, ...parts: readonly Uint8Array[]): Uint8Array => der(0xa0 + number, ...parts);
/** OCTET STRING. */
export const octets = (content: Uint8Array): Uint8Array => der(0x04, content);
/** BIT STRING without unused bits. */
export const bits = (content: Uint8Array): Uint8Array => der(0x03, [0], content);
/** BOOLEAN TRUE. */
export const yes: Uint8Array = der(0x01, [0xff]);
/** NULL. */
export const nothing: Uint8Array = der(0x05);
/** UTF8String of ASCII letters. */
export const text = (letters: string): Uint8Array => der(0x0c, asciiOf(letters));

/** INTEGER from unsigned bytes, most significant first, in the fewest octets (X.690, 8.3.2): readers refuse more. */
export function unsigned(bytes: Uint8Array): Uint8Array {
  const firstUsed = bytes.findIndex((byte) => byte !== 0);
  const digits = firstUsed < 0 ? [0] : bytes.subarray(firstUsed);
  const isNegative = ((digits[0] ?? 0) & 0x80) !== 0;
  return der(0x02, isNegative ? [0] : [], digits);
}

/** OBJECT IDENTIFIER such as "2.5.4.3". */
export function objectId(dotted: string): Uint8Array {
  const [first = 0, second = 0, ...rest] = dotted.split(".").map(Number);
  return der(0x06, [first * 40 + second, ...rest.flatMap(base128)]);
}

/** UTCTime of a year until 2049, GeneralizedTime of a later one (RFC 5280, 4.1.2.5). `at` is such as "20260131T235959Z". */
export function time(at: string): Uint8Array {
  const digits = at.replace("T", "");
  const isShort = Number(digits.slice(0, 4)) < 2050;
  return der(isShort ? 0x17 : 0x18, asciiOf(isShort ? digits.slice(2) : digits));
}

/** A name of one attribute, the common name (RFC 5280, 4.1.2.4). */
export const commonName = (name: string): Uint8Array => sequence(setOf(sequence(objectId("2.5.4.3"), text(name))));

function base128(value: number): number[] {
  const low = value & 0x7f;
  return value < 128 ? [low] : [...base128(value >>> 7).map((byte) => byte | 0x80), low];
}

function lengthOf(length: number): number[] {
  if (length < 0x80) return [length];
  return length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
}

function asciiOf(letters: string): number[] {
  return Array.from(letters, (letter) => letter.charCodeAt(0) & 0x7f);
}

function joined(parts: readonly ArrayLike<number>[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
