// Decides whether a host is the one that is known, before any credential is sent. There is no way to switch it off:
// a key is declared, or stands in a known_hosts file, or the connection ends.

import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import type { ServerHostKeyAlgorithm } from "ssh2";
import { LeeaError } from "../../model/errors";
import { findKnownKeys, judgeHostKey, type KnownKey } from "./known-hosts";
import { expandHome } from "./login-methods";
import { type Hop, labelHop } from "./route";

/** What a connection needs to judge its host. */
export interface HostKeyCheck {
  /** Algorithms that ask the host for a key of a known type; undefined where nothing is known. */
  readonly algorithms: ServerHostKeyAlgorithm[] | undefined;
  /** The error for a shown key blob; undefined for the right one. HOST_KEY_UNKNOWN, HOST_KEY_CHANGED. */
  judge(blob: Buffer): LeeaError | undefined;
  /** The error for a host that has no key of any known type any more. */
  readonly noKnownType: LeeaError;
}

const algorithmsOfType: Readonly<Record<string, readonly ServerHostKeyAlgorithm[]>> = {
  "ssh-ed25519": ["ssh-ed25519"],
  "ecdsa-sha2-nistp256": ["ecdsa-sha2-nistp256"],
  "ecdsa-sha2-nistp384": ["ecdsa-sha2-nistp384"],
  "ecdsa-sha2-nistp521": ["ecdsa-sha2-nistp521"],
  "ssh-rsa": ["rsa-sha2-512", "rsa-sha2-256"],
};

/** Reads what is known of a hop's host key: the declared key, else the known_hosts files. */
export function prepareHostKeyCheck(hop: Hop): HostKeyCheck {
  const files = hop.knownHosts === undefined ? usualFiles() : [expandHome(hop.knownHosts)];
  const known =
    hop.hostKey === undefined ? files.flatMap((file) => readKnownKeys(file, hop)) : [declaredKey(hop.hostKey)];
  const types = new Set(known.filter((entry) => !entry.revoked).map((entry) => entry.type));
  const algorithms = [...types].flatMap((type) => algorithmsOfType[type] ?? []);
  return {
    algorithms: algorithms.length === 0 ? undefined : algorithms,
    judge: (blob) => judge(hop, blob, known, files),
    noKnownType: changedError(
      hop,
      "a key of another type",
      known.map((entry) => entry.source),
      undefined,
    ),
  };
}

function usualFiles(): string[] {
  return [join(homedir(), ".ssh", "known_hosts"), "/etc/ssh/ssh_known_hosts"];
}

function readKnownKeys(file: string, hop: Hop): KnownKey[] {
  return existsSync(file)
    ? findKnownKeys(readFileSync(file, "utf8"), file, hop.hostKeyName.host, hop.hostKeyName.port)
    : [];
}

function declaredKey(hostKey: string): KnownKey {
  const [type = "", key = ""] = hostKey.trim().split(/\s+/);
  return { type, key, revoked: false, source: "connection.hostKey" };
}

function judge(hop: Hop, blob: Buffer, known: readonly KnownKey[], files: readonly string[]): LeeaError | undefined {
  const seen = describeKey(blob);
  const verdict = judgeHostKey(seen.key, known);
  switch (verdict.verdict) {
    case "known":
      return undefined;
    case "unknown":
      return unknownError(hop, seen, files);
    case "revoked":
      return changedError(hop, `${seen.fingerprint}, which is marked as revoked`, verdict.sources, seen);
    case "changed":
      return changedError(hop, seen.fingerprint, verdict.sources, seen);
  }
}

interface SeenKey {
  readonly type: string;
  readonly key: string;
  readonly fingerprint: string;
}

// A key blob begins with its type as a length-prefixed string (RFC 4253, 6.6).
function describeKey(blob: Buffer): SeenKey {
  const type = blob.subarray(4, 4 + blob.readUInt32BE(0)).toString("latin1");
  const digest = createHash("sha256").update(blob).digest("base64").replace(/=+$/, "");
  return { type, key: blob.toString("base64"), fingerprint: `SHA256:${digest}` };
}

function unknownError(hop: Hop, seen: SeenKey, files: readonly string[]): LeeaError {
  const scan = `ssh-keyscan${hop.port === 22 ? "" : ` -p ${hop.port}`} ${hop.address} >> ${files[0]}`;
  return new LeeaError({
    code: "HOST_KEY_UNKNOWN",
    message: `Unable to trust host "${labelHop(hop)}": its SSH key (${seen.type}, ${seen.fingerprint}) is not known`,
    hint: `Compare the fingerprint with the host's own (ssh-keygen -lf /etc/ssh/ssh_host_*_key.pub there). If it is the same, run: ${scan} , or set connection.hostKey to "${seen.type} ${seen.key}".`,
    details: {
      host: hop.host,
      port: hop.port,
      seenKey: `${seen.type} ${seen.key}`,
      fingerprint: seen.fingerprint,
      searched: files,
    },
  });
}

function changedError(hop: Hop, what: string, sources: readonly string[], seen: SeenKey | undefined): LeeaError {
  return new LeeaError({
    code: "HOST_KEY_CHANGED",
    message: `Unable to trust host "${labelHop(hop)}": it shows ${what}, and another key is known from ${sources.join(", ")}`,
    hint: "Someone may stand between you and the host, or it was installed anew. Nothing was sent to it. Only when you know why, replace the key that is named above.",
    details: {
      host: hop.host,
      port: hop.port,
      knownFrom: sources,
      ...(seen === undefined ? {} : { seenKey: `${seen.type} ${seen.key}`, fingerprint: seen.fingerprint }),
    },
  });
}
