// `leea:credentials` from a stack's configuration, for every front door: private keys by name, decrypted by Pulumi, handed to the controller's
// memory and nowhere else.

import { LeeaError } from "../../model/errors";
import type { Credential } from "../credentials";

const key = "leea:credentials";

/** The credentials in the configuration's text: a JSON object of name to key text, or to {key, passphrase}. INPUT_INVALID. */
export function readCredentials(text: string | undefined): Record<string, Credential> {
  if (text === undefined) return {};
  const map = parseObject(text);
  return Object.fromEntries(Object.entries(map).map(([name, value]) => [name, readCredential(name, value)]));
}

function parseObject(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // Falls through to the error below; the parser's message would quote the secret.
  }
  throw refusal("is no JSON object");
}

function readCredential(name: string, value: unknown): Credential {
  if (typeof value === "string") return { privateKey: value };
  const { key: privateKey, passphrase } = (typeof value === "object" && value !== null ? value : {}) as Record<
    string,
    unknown
  >;
  if (typeof privateKey !== "string") throw refusal(`has no key for "${name}"`);
  return typeof passphrase === "string" ? { privateKey, passphrase } : { privateKey };
}

function refusal(problem: string): LeeaError {
  return new LeeaError({
    code: "INPUT_INVALID",
    message: `The configuration ${key} ${problem}`,
    hint: `Set it with: pulumi config set --secret ${key} '{"NAME": "-----BEGIN OPENSSH PRIVATE KEY-----…"}'`,
  });
}
