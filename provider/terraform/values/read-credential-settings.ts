// The provider's `credentials`: private keys by name, for the controller's memory and nowhere else. No error quotes one.

import { credentialFields } from "../../../schema/terraform/terraform-fields";
import type { Credential } from "../../controller/credentials";
import { LeeaError } from "../../model/errors";
import { isUnknown } from "../../model/inputs/unknown-value";
import { type AttributeValue, isAttributeObject } from "../wire/unknown-attribute";
import { readAttributes } from "./read-attributes";

/** The named keys; none of what is not known yet. INPUT_INVALID where an entry has no key. */
export function readCredentialSettings(config: AttributeValue): Record<string, Credential> {
  const credentials = isAttributeObject(config) ? config["credentials"] : null;
  if (credentials === null || credentials === undefined || !isAttributeObject(credentials)) return {};
  const entries = Object.entries(credentials).flatMap(([name, value]): (readonly [string, Credential])[] => {
    const { privateKey, passphrase } = readAttributes(credentialFields, value);
    if (isUnknown(privateKey) || isUnknown(passphrase) || !isAttributeObject(value)) return [];
    if (typeof privateKey !== "string") throw missingKey(name);
    return [[name, typeof passphrase === "string" ? { privateKey, passphrase } : { privateKey }]];
  });
  return Object.fromEntries(entries);
}

function missingKey(name: string): LeeaError {
  return new LeeaError({
    code: "INPUT_INVALID",
    message: `The provider's credentials have no private_key for "${name}"`,
    hint: `Write: credentials = { ${name} = { private_key = file("…") } }`,
  });
}
