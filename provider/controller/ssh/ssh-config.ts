// What the user's own ~/.ssh/config says of a host. OpenSSH itself is asked (`ssh -G`), so Include, Match and patterns
// mean what they mean to ssh; without the file or the program nothing is said. It must never fail a connection.

import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { homedir, userInfo } from "node:os";
import { join } from "node:path";
import type { JumpHost } from "../../model/connection";

/** The options that we heed. Absent: ssh_config sets nothing other than ssh's default. */
export interface SshConfig {
  readonly hostName?: string;
  readonly hostKeyAlias?: string;
  readonly port?: number;
  readonly user?: string;
  readonly identityFiles: readonly string[];
  readonly proxyJump: readonly JumpHost[];
}

const nothing: SshConfig = { identityFiles: [], proxyJump: [] };
const askTimeoutMs = 3_000;

/** Asks ssh what its configuration file says of a host. */
export async function readSshConfig(host: string): Promise<SshConfig> {
  const file = join(homedir(), ".ssh", "config");
  if (!existsSync(file)) return nothing;
  const text = await new Promise<string>((resolve) => {
    // An error means: no ssh here, or a file that ssh cannot read either; the declared values stand alone then.
    execFile("ssh", ["-G", "-F", file, "--", host], { timeout: askTimeoutMs }, (error, stdout) => {
      resolve(error === null ? stdout : "");
    });
  });
  return parseSshOptions(text, host, userInfo().username);
}

/** Reads the output of `ssh -G`, in which ssh's own defaults cannot be told from values but by being the default. */
export function parseSshOptions(text: string, host: string, localUser: string): SshConfig {
  const values = (name: string): string[] =>
    text.split("\n").flatMap((line) => (line.startsWith(`${name} `) ? [line.slice(name.length + 1).trim()] : []));
  const [hostName, port, user, proxyJump] = ["hostname", "port", "user", "proxyjump"].map((name) => values(name)[0]);
  const [hostKeyAlias] = values("hostkeyalias");
  return {
    ...(hostName === undefined || hostName === host ? {} : { hostName }),
    ...(hostKeyAlias === undefined ? {} : { hostKeyAlias }),
    ...(port === undefined || port === "22" ? {} : { port: Number(port) }),
    ...(user === undefined || user === localUser ? {} : { user }),
    identityFiles: values("identityfile").filter(
      (path) => !/^(~|.*)\/\.ssh\/id_(rsa|dsa|ecdsa|ed25519|xmss)(_sk)?$/.test(path),
    ),
    proxyJump:
      proxyJump === undefined || proxyJump === "none" ? [] : proxyJump.split(",").flatMap((jump) => parseJump(jump)),
  };
}

// `[user@]host[:port]`, as ProxyJump has it; without a user ssh takes the local one.
function parseJump(text: string): JumpHost[] {
  const match = /^(?:ssh:\/\/)?(?:([^@]+)@)?(\[[^\]]+\]|[^:]+)(?::(\d+))?$/.exec(text.trim());
  if (match?.[2] === undefined) return [];
  return [
    { host: match[2].replace(/^\[|\]$/g, ""), port: Number(match[3] ?? 22), user: match[1] ?? userInfo().username },
  ];
}
