// What an older protocol knows, as a tree of fields. A tree is written down when its protocol is left behind and never
// changes again: a field that is added to a body later is unknown there without anybody having to think of it.

import type { VerbName } from "../verbs";

/** Fields by name; `any` for a value of whatever shape, `each` for every item of a list, `oneOf` for the words of a word. */
export type KnownFields =
  | "any"
  | { readonly each: KnownFields }
  | { readonly oneOf: readonly unknown[] }
  | { readonly fields: Readonly<Record<string, KnownFields>> };

/** Fields that the older side takes as they are. */
export function fieldsNamed(names: string, more: Readonly<Record<string, KnownFields>> = {}): KnownFields {
  return { fields: { ...Object.fromEntries(names.split(" ").map((name) => [name, "any" as const])), ...more } };
}

/** Bodies of an older protocol, by verb. */
export type KnownBodies = Partial<Readonly<Record<VerbName, KnownFields>>>;
