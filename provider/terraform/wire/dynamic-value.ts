// Terraform's `DynamicValue`: msgpack with two extensions, 0 for an unknown value and 12 for one of which something is
// known (its refinements). We send 0 only: a refinement would be a promise.

import { decode, ExtData, ExtensionCodec, encode } from "@msgpack/msgpack";
import { LeeaError } from "../../model/errors";
import type { DynamicValue } from "./messages";
import { type AttributeValue, isAttributeObject, unknownAttribute } from "./unknown-attribute";

const unknownType = 0;
const refinedUnknownType = 12;
/** MessagePack's nil format. */
const msgpackNil = 0xc0;

const extensionCodec = new ExtensionCodec();
extensionCodec.register({
  type: unknownType,
  encode: (value) => (value === unknownAttribute ? new Uint8Array([0]) : null),
  decode: () => unknownAttribute,
});
extensionCodec.register({ type: refinedUnknownType, encode: () => null, decode: () => unknownAttribute });

/** The value's bytes. Numbers that are whole are sent as whole numbers. */
export function encodeDynamicValue(value: AttributeValue): DynamicValue {
  return { msgpack: encode(value, { extensionCodec }) };
}

/** True for null, and for none: what stands for a resource that is to be gone, or is not there. Decodes nothing. */
export function isNullValue(value: DynamicValue | null): boolean {
  const [first] = value?.msgpack ?? [];
  if (first !== undefined) return first === msgpackNil;
  return value?.json === undefined || value.json.length === 0 || Buffer.from(value.json).toString("utf8") === "null";
}

/** The value; null where there is none. PROTOCOL_INVALID where the bytes are neither msgpack nor JSON. */
export function decodeDynamicValue(value: DynamicValue | null | undefined): AttributeValue {
  if (value === null || value === undefined) return null;
  try {
    if (value.msgpack !== undefined && value.msgpack.length > 0)
      return readNumbers(decode(value.msgpack, { extensionCodec, useBigInt64: true }));
    if (value.json === undefined || value.json.length === 0) return null;
    return JSON.parse(Buffer.from(value.json).toString("utf8")) as AttributeValue;
  } catch (cause) {
    throw new LeeaError({ code: "PROTOCOL_INVALID", message: "Terraform sent a value that cannot be read", cause });
  }
}

/** 64-bit numbers as doubles where that is exact, else as decimal text; another extension is an unknown of some newer kind. */
function readNumbers(value: unknown): AttributeValue {
  if (typeof value === "bigint") return Number.isSafeInteger(Number(value)) ? Number(value) : value.toString();
  if (Array.isArray(value)) return value.map(readNumbers);
  if (value instanceof ExtData) return unknownAttribute;
  const plain = value as AttributeValue;
  if (!isAttributeObject(plain)) return plain;
  return Object.fromEntries(Object.entries(plain).map(([name, inner]) => [name, readNumbers(inner)]));
}
