// Reads known_hosts text and judges a host's key by it, as sshd(8) describes the file: plain, bracketed, wildcard and
// hashed names, several keys a host, `@revoked`. It must never accept a key that no line vouches for.

import { createHmac } from "node:crypto";

/** One line's key, with where it stands. `key` is the base64 of the key blob. */
export interface KnownKey {
  readonly type: string;
  readonly key: string;
  readonly revoked: boolean;
  /** Such as `/root/.ssh/known_hosts:3`, or `connection.hostKey`. */
  readonly source: string;
}

interface KnownLine extends KnownKey {
  readonly names: string;
}

/** What is thought of a key that a host showed. */
export type HostKeyVerdict =
  | { readonly verdict: "known" }
  | { readonly verdict: "unknown" }
  | { readonly verdict: "changed"; readonly sources: readonly string[] }
  | { readonly verdict: "revoked"; readonly sources: readonly string[] };

/** The keys that the text holds for a host and port. Certificate authorities are left out: ssh2 takes no host certificates. */
export function findKnownKeys(text: string, file: string, host: string, port: number): KnownKey[] {
  const name = port === 22 ? host.toLowerCase() : `[${host.toLowerCase()}]:${port}`;
  const found: KnownKey[] = [];
  text.split("\n").forEach((line, index) => {
    const entry = parseLine(line.trim(), `${file}:${index + 1}`);
    if (entry === undefined || !matchesNames(entry.names, name)) return;
    found.push({ type: entry.type, key: entry.key, revoked: entry.revoked, source: entry.source });
  });
  return found;
}

/** Judges the key blob that a host showed, in base64, by what is known of it. */
export function judgeHostKey(seen: string, known: readonly KnownKey[]): HostKeyVerdict {
  const same = known.filter((entry) => entry.key === seen);
  const revoked = same.filter((entry) => entry.revoked);
  if (revoked.length > 0) return { verdict: "revoked", sources: revoked.map((entry) => entry.source) };
  if (same.length > 0) return { verdict: "known" };
  const others = known.filter((entry) => !entry.revoked);
  if (others.length === 0) return { verdict: "unknown" };
  return { verdict: "changed", sources: others.map((entry) => entry.source) };
}

function parseLine(line: string, source: string): KnownLine | undefined {
  if (line === "" || line.startsWith("#")) return undefined;
  const words = line.split(/\s+/);
  const marker = words[0]?.startsWith("@") === true ? words.shift() : undefined;
  const [names, type, key] = words;
  if (names === undefined || type === undefined || key === undefined) return undefined;
  if (marker !== undefined && marker !== "@revoked") return undefined;
  return { names, type, key, revoked: marker === "@revoked", source };
}

function matchesNames(names: string, name: string): boolean {
  if (names.startsWith("|1|")) return matchesHash(names, name);
  let matched = false;
  for (const pattern of names.toLowerCase().split(",")) {
    const negated = pattern.startsWith("!");
    if (!matchesPattern(negated ? pattern.slice(1) : pattern, name)) continue;
    if (negated) return false;
    matched = true;
  }
  return matched;
}

function matchesHash(names: string, name: string): boolean {
  const [, , salt, hash] = names.split("|");
  if (salt === undefined || hash === undefined) return false;
  return createHmac("sha1", Buffer.from(salt, "base64")).update(name).digest("base64") === hash;
}

// Recursion on `*` only; names and patterns are short.
function matchesPattern(pattern: string, name: string): boolean {
  if (pattern === "") return name === "";
  const [first, rest] = [pattern[0], pattern.slice(1)];
  if (first === "*") return matchesPattern(rest, name) || (name !== "" && matchesPattern(pattern, name.slice(1)));
  return name !== "" && (first === "?" || first === name[0]) && matchesPattern(rest, name.slice(1));
}
