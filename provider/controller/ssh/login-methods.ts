// What this machine can log in with, in the order in which it is tried: the declared identity alone, else the SSH
// agent, ssh_config's files and the usual files. Key contents go to ssh2 and nowhere else.

import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import type { AnyAuthMethod } from "ssh2";
import { LeeaError } from "../../model/errors";
import { findCredential, listCredentialNames } from "../credentials";
import { parsePrivateKey } from "./parse-private-key";
import { type Hop, labelHop } from "./route";

/** A way to log in. `name` is for messages: a path or a credential's name, never contents. */
export interface LoginMethod {
  readonly name: string;
  readonly method: AnyAuthMethod;
}

/** The ways for a hop; `skipped` says why others were left out. */
export interface LoginMethods {
  readonly methods: readonly LoginMethod[];
  readonly skipped: readonly string[];
}

const usualFiles = ["id_ed25519", "id_ecdsa", "id_rsa"];

/** Collects the ways to log in on a hop. AUTHENTICATION_FAILED where a declared identity cannot be used at all. */
export function collectLoginMethods(hop: Hop): LoginMethods {
  if (hop.identity !== undefined) return declaredIdentity(hop, hop.identity);
  const methods: LoginMethod[] = agentMethod(hop.user);
  const skipped: string[] = methods.length === 0 ? ["SSH agent (SSH_AUTH_SOCK is not set, or its socket is gone)"] : [];
  const files = [...hop.identityFiles.map(expandHome), ...usualFiles.map((name) => join(homedir(), ".ssh", name))];
  for (const path of files) {
    const key = readKeyFile(path, hop.user);
    if ("method" in key) methods.push(key);
    else skipped.push(key.skipped);
  }
  return { methods, skipped };
}

/** A path with `~` for the home folder written out. */
export function expandHome(path: string): string {
  return path === "~" || path.startsWith("~/") ? join(homedir(), path.slice(1)) : path;
}

function declaredIdentity(hop: Hop, identity: string): LoginMethods {
  const credential = findCredential(identity);
  if (credential !== undefined) {
    const key = parsePrivateKey(credential.privateKey, credential.passphrase);
    if (key instanceof Error)
      throw unusable(
        hop,
        `credential "${identity}" holds no usable private key`,
        "Give leea:credentials the private key, and its passphrase where it has one.",
      );
    return {
      methods: [
        { name: `credential "${identity}" (${key.type})`, method: { type: "publickey", username: hop.user, key } },
      ],
      skipped: [],
    };
  }
  const path = expandHome(identity);
  if (!existsSync(path))
    throw unusable(
      hop,
      `identity "${identity}" is neither a credential nor a file`,
      `Credentials by name: ${listCredentialNames().join(", ") || "none"}. Or give the path of a private key file.`,
    );
  const key = readKeyFile(path, hop.user);
  if ("method" in key) return { methods: [key], skipped: [] };
  const agent = agentMethod(hop.user);
  if (key.encrypted && agent.length > 0) return { methods: agent, skipped: [key.skipped] };
  throw unusable(
    hop,
    key.skipped,
    key.encrypted
      ? `Run ssh-add ${path}, or give the key and its passphrase by name in leea:credentials.`
      : "Give the path of a private key that ssh reads.",
  );
}

function agentMethod(user: string): LoginMethod[] {
  const socket = process.env["SSH_AUTH_SOCK"];
  if (socket === undefined || socket === "" || !existsSync(socket)) return [];
  return [{ name: `SSH agent (${socket})`, method: { type: "agent", username: user, agent: socket } }];
}

function readKeyFile(path: string, user: string): LoginMethod | { skipped: string; encrypted: boolean } {
  if (!existsSync(path)) return { skipped: `${path} (no such file)`, encrypted: false };
  let text: Buffer;
  try {
    text = readFileSync(path);
  } catch (cause) {
    // The reason is kept in the message: a key that may not be read is one more way that was not tried.
    return { skipped: `${path} (${cause instanceof Error ? cause.message : "unreadable"})`, encrypted: false };
  }
  const key = parsePrivateKey(text);
  if (key instanceof Error) return describeBadKey(path, key);
  return { name: `${path} (${key.type})`, method: { type: "publickey", username: user, key } };
}

function describeBadKey(path: string, error: Error): { skipped: string; encrypted: boolean } {
  const encrypted = /encrypted/i.test(error.message);
  return { skipped: `${path} (${encrypted ? "protected by a passphrase" : error.message})`, encrypted };
}

function unusable(hop: Hop, what: string, hint: string): LeeaError {
  return new LeeaError({
    code: "AUTHENTICATION_FAILED",
    message: `Unable to log in on host "${labelHop(hop)}": ${what}`,
    hint,
    details: { tried: [] },
  });
}
