// How the provider reaches a host over SSH. Part of every resource that lives on a host. Holds no secret: keys come
// from the SSH agent, from files, or from the provider's configuration by name.

import type { Fields, ObjectField } from "./field";

const way: Fields = {
  host: {
    type: "string",
    doc: "name or address of the host",
    maxLength: 255,
    pattern: "^[^\\s@/,;|&$`\\\\'\"-][^\\s@/,;|&$`\\\\'\"]*$",
    patternHint: "a host name or an address, without spaces, quotes or a leading dash",
  },
  port: { type: "integer", doc: "SSH port", default: 22, minimum: 1, maximum: 65535, sharedByHosts: true },
  user: {
    type: "string",
    doc: "login name",
    default: "root",
    sharedByHosts: true,
    maxLength: 64,
    pattern: "^[A-Za-z_][A-Za-z0-9_.-]*[$]?$",
    patternHint: "a login name of letters, digits, '_', '.', '-'",
  },
  hostKey: {
    type: "string",
    doc: "the host's public SSH key, as in `known_hosts` (`ssh-ed25519 AAAA…`)",
    optional: true,
    maxLength: 4096,
    pattern: "^(ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp(256|384|521)) [A-Za-z0-9+/=]+( .*)?$",
    patternHint: "a key type and its base64 text, as `ssh-keyscan` prints them",
  },
  knownHosts: {
    type: "string",
    doc: "path of a `known_hosts` file; absent means `~/.ssh/known_hosts`",
    optional: true,
    sharedByHosts: true,
    maxLength: 4096,
  },
  identity: {
    type: "string",
    doc: "path of a private key file, or the name of a credential in `leea:credentials`; absent means the SSH agent and the usual files",
    optional: true,
    sharedByHosts: true,
    maxLength: 4096,
  },
};

/** The `connection` object: one hop, with an optional jump host before it. */
export const connectionField: ObjectField = {
  type: "object",
  name: "Connection",
  doc: "how to reach the host over SSH",
  change: "none",
  fields: {
    ...way,
    sudo: {
      type: "boolean",
      doc: "become root by `sudo -n`; absent means yes for every login but root",
      optional: true,
      sharedByHosts: true,
    },
    jump: {
      type: "object",
      name: "JumpHost",
      doc: "host to go through",
      optional: true,
      sharedByHosts: true,
      fields: way,
    },
  },
};
