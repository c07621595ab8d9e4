// One private key out of a file's or a credential's text.

import { type ParsedKey, utils } from "ssh2";

/** The key, or the reason that there is none. ssh2 gives a list for OpenSSH's own format, whatever its types say. */
export function parsePrivateKey(text: Buffer | string, passphrase?: string): ParsedKey | Error {
  const parsed: ParsedKey | ParsedKey[] | Error = utils.parseKey(text, passphrase);
  const key = Array.isArray(parsed) ? (parsed[0] as ParsedKey | undefined) : parsed;
  if (key === undefined) return new Error("no key in it");
  if (!(key instanceof Error) && !key.isPrivateKey()) return new Error("a public key");
  return key;
}
