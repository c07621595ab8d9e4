// Private keys by name as JSON, from a stack's configuration (decrypted by Pulumi) or the environment, for every front door:
// handed to the controller's memory and nowhere else.

import { LeeaError } from "../../model/errors";
import type { Credential } from "../credentials";

/** Where the text comes from: what messages call it, and how to set it. */
interface CredentialsPlace {
  readonly name: string;
  readonly hint: string;
}

const example = `'{"NAME": "-----BEGIN OPENSSH PRIVATE KEY-----…"}'`;
const stackConfiguration: CredentialsPlace = {
  name: "The configuration leea:credentials",
  hint: `Set it with: pulumi config set --secret leea:credentials ${example}`,
};
/** The environment of a program that has no stack. */
export const credentialsVariable: CredentialsPlace = {
  name: "LEEA_CREDENTIALS",
  hint: `Set it as: LEEA_CREDENTIALS=${example}`,
};

/** The credentials in the text: a JSON object of name to key text, or to {key, passphrase}. INPUT_INVALID. */
export function readCredentials(text: string | undefined, place = stackConfiguration): Record<string, Credential> {
  if (text === undefined) return {};
  const map = parseObject(text, place);
  return Object.fromEntries(Object.entries(map).map(([name, value]) => [name, readCredential(name, value, place)]));
}

function parseObject(text: string, place: CredentialsPlace): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // Falls through to the error below; the parser's message would quote the secret.
  }
  throw refusal("is no JSON object", place);
}

function readCredential(name: string, value: unknown, place: CredentialsPlace): Credential {
  if (typeof value === "string") return { privateKey: value };
  const { key: privateKey, passphrase } = (typeof value === "object" && value !== null ? value : {}) as Record<
    string,
    unknown
  >;
  if (typeof privateKey !== "string") throw refusal(`has no key for "${name}"`, place);
  return typeof passphrase === "string" ? { privateKey, passphrase } : { privateKey };
}

function refusal(problem: string, { name, hint }: CredentialsPlace): LeeaError {
  return new LeeaError({ code: "INPUT_INVALID", message: `${name} ${problem}`, hint });
}
