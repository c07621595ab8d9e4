// What is known of a lab, kept in its folder as lab.json so that any later command finds it. No processes here.

import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { LeeaError } from "../../model/errors";
import type { ProcessIdentity } from "./machine/process-identity";

/** One host of the lab. `pid` and `startTime` name its first process; null while its power is off. */
export interface LabHost {
  readonly name: string;
  /** Its address on the uplink, reachable from this machine. */
  readonly address: string;
  /** The port of its usual SSH server. */
  readonly port: number;
  /** The port of an SSH server that forbids every kind of forwarding. */
  readonly noForwardPort: number;
  /** Its host key: one OpenSSH public key line, `ssh-ed25519 AAAA…`. Empty before the first boot. */
  readonly hostKey: string;
  readonly pid: number | null;
  readonly startTime: string | null;
  /** Absolute paths that this host must not seem to have. */
  readonly hidden: readonly string[];
}

/** A lab, as lab.json holds it. */
export interface Lab {
  readonly name: string;
  /** 0 to 9, one lab each on this machine; the hosts are in 198.18.SLOT.0/24. */
  readonly slot: number;
  readonly directory: string;
  readonly hosts: readonly LabHost[];
  /** First processes of the fake internet and of the shared LAN. */
  readonly inet: ProcessIdentity | null;
  readonly lan: ProcessIdentity | null;
  /** The private key that logs in to every host, its public line, and a known_hosts file with every host's key. */
  readonly identityFile: string;
  readonly publicKey: string;
  readonly knownHostsFile: string;
  /** Logins: root; ops (sudo without a password); limited (sudo asks for one). */
  readonly users: readonly string[];
}

/** The users that every host lets in by key. */
export const labUsers: readonly string[] = ["root", "ops", "limited"];

/** The folder of the lab `name`: in LEEA_LAB_DIR, else in /var/lib/leea-lab. Throws INPUT_INVALID on a bad name. */
export function labDirectory(name: string): string {
  const base = process.env["LEEA_LAB_DIR"] ?? "/var/lib/leea-lab";
  requireName("lab", name, /^[a-z][a-z0-9-]{0,30}$/);
  // The kernel's overlay options give commas, colons and backslashes a meaning.
  if (/^\/[^,:\\\s]+$/.test(base)) return `${base.replace(/\/+$/, "")}/${name}`;
  throw new LeeaError({
    code: "INPUT_INVALID",
    message: `Unable to keep labs in "${base}": LEEA_LAB_DIR must be an absolute path without , : \\ or spaces`,
    hint: "Set LEEA_LAB_DIR to another folder, or leave it out.",
  });
}

/** The lab `name` as it was last recorded, or "absent". A damaged record counts as absent: `labUp` mends it. */
export function readLab(name: string): Lab | "absent" {
  const file = `${labDirectory(name)}/lab.json`;
  if (!existsSync(file)) return "absent";
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Lab;
  } catch {
    // The file is only ever renamed into place; what does not parse was not written by us.
    return "absent";
  }
}

/** Records the lab, whole or not at all. */
export function writeLab(lab: Lab): void {
  const draft = `${lab.directory}/lab.json.${process.pid}`;
  writeFileSync(draft, `${JSON.stringify(lab, null, 2)}\n`);
  renameSync(draft, `${lab.directory}/lab.json`);
}

/** The lab with one host's record replaced. */
export function withHost(lab: Lab, host: LabHost): Lab {
  return { ...lab, hosts: lab.hosts.map((other) => (other.name === host.name ? host : other)) };
}

/** The host `name` of the lab. Throws NOT_FOUND. */
export function findHost(lab: Lab, name: string): LabHost {
  const host = lab.hosts.find((candidate) => candidate.name === name);
  if (host !== undefined) return host;
  throw new LeeaError({
    code: "NOT_FOUND",
    message: `Unable to find host "${name}" in lab "${lab.name}"`,
    hint: `Its hosts are ${lab.hosts.map((each) => each.name).join(", ")}.`,
  });
}

/** The lab `name`. Throws NOT_FOUND when it is absent. */
export function requireLab(name: string): Lab {
  const lab = readLab(name);
  if (lab !== "absent") return lab;
  throw new LeeaError({
    code: "NOT_FOUND",
    message: `Unable to find lab "${name}"`,
    hint: `Make it with \`leea lab up --name ${name}\`.`,
  });
}

/** A host's first process; undefined while its power is off. */
export function hostProcess(host: LabHost): ProcessIdentity | undefined {
  return host.pid === null || host.startTime === null ? undefined : { pid: host.pid, startTime: host.startTime };
}

/** Throws INPUT_INVALID unless `name` fits: names become interface names, host names and folders. */
export function requireName(what: string, name: string, pattern: RegExp): void {
  if (pattern.test(name) && name !== "inet" && name !== "lan") return;
  throw new LeeaError({
    code: "INPUT_INVALID",
    message: `Unable to call a ${what} "${name}": a name is lower-case letters, digits and dashes, is short, and is not inet or lan`,
    hint: `Choose another name for the ${what}.`,
  });
}
