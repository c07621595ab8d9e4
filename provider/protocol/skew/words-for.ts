// A body in the words of an older side: without what it does not know, and with that said. What it would understand as
// something else is not sent at all. Pure.

import { LeeaError } from "../../model/errors";
import type { VerbName } from "../verbs";
import { protocolVersion } from "../version";
import type { KnownBodies, KnownFields } from "./known-fields";
import { protocol1 } from "./protocol-1";

/** The header in which agents tell each other their protocol, in requests and in answers. Absent means 1. */
export const protocolHeader = "x-leea-protocol";

/** A body for an older side, and the paths of what is left out of it, such as `spec.restart`. */
export interface OlderWords {
  readonly body: unknown;
  readonly lost: readonly string[];
}

const older: ReadonlyMap<number, KnownBodies> = new Map([[1, protocol1]]);

/** What is told of the sender's own process: the older side starts one of its own kind, and nobody misses anything. */
const ownProcess = "record.qemu.";

/** The body as a side of `protocol` can take it. Error: NOT_ALLOWED_NOW where it would do something else than is meant. */
export function wordsFor(protocol: number, verb: VerbName, body: unknown): OlderWords {
  const known = protocol >= protocolVersion ? undefined : older.get(protocol)?.[verb];
  if (known === undefined || body === undefined) return { body, lost: [] };
  refuseOtherMeaning(verb, body as Readonly<Record<string, unknown>>);
  const lost: string[] = [];
  const kept = keep(body, known, { path: "", lost });
  return { body: kept, lost: [...new Set(lost)].filter((path) => !path.startsWith(ownProcess)) };
}

/** The protocol that a header tells. */
export function readProtocol(header: string | readonly string[] | undefined): number {
  return typeof header === "string" && /^[0-9]{1,4}$/.test(header) ? Number(header) : 1;
}

/** What the older side knows of each of these fields, in words; empty for none. `who` is such as `the agent of "b"`. */
export function describeLost(who: string, protocol: number, lost: readonly string[]): string {
  if (lost.length === 0) return "";
  return `${who} is older (protocol ${protocol}) and does not know ${lost.join(", ")}: it goes without, until its MeshNode is updated`;
}

function keep(value: unknown, known: KnownFields, at: { path: string; lost: string[] }): unknown {
  if (known === "any" || typeof value !== "object" || value === null) return value;
  if ("each" in known) return Array.isArray(value) ? value.map((item) => keep(item, known.each, at)) : value;
  if (!("fields" in known)) return value;
  const kept: Record<string, unknown> = {};
  for (const [name, each] of Object.entries(value)) {
    if (each === undefined) continue;
    const path = at.path === "" ? name : `${at.path}.${name}`;
    const field = known.fields[name];
    if (field === undefined || !isSayable(each, field)) at.lost.push(path);
    else kept[name] = keep(each, field, { path, lost: at.lost });
  }
  return kept;
}

/** False for a thing whose own kind, by one of its words, the older side does not have. */
function isSayable(value: unknown, known: KnownFields): boolean {
  if (known === "any" || typeof value !== "object" || value === null || !("fields" in known)) return true;
  return Object.entries(known.fields).every(
    ([name, field]) =>
      field === "any" ||
      !("oneOf" in field) ||
      field.oneOf.includes((value as Readonly<Record<string, unknown>>)[name]),
  );
}

/** A move in another way would be made live. */
function refuseOtherMeaning(verb: VerbName, body: Readonly<Record<string, unknown>>): void {
  const rules = body["migration"] as { readonly mode?: unknown } | undefined;
  const mode = verb === "prepareMove" ? body["mode"] : verb === "moveVm" ? rules?.mode : undefined;
  if (mode === undefined || mode === "live") return;
  throw new LeeaError({
    code: "NOT_ALLOWED_NOW",
    message: `an agent of an older version knows live moves only, and this one is ${JSON.stringify(mode)}`,
    hint: "Update the MeshNodes of both hosts, then run again; nothing was changed.",
  });
}
