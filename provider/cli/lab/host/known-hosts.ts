// The lab's known_hosts file (sshd(8)): the true key of every host, on both of its SSH ports.

import { renameSync, writeFileSync } from "node:fs";
import type { Lab } from "../lab-record";

/** Writes the file anew from the lab's record, whole or not at all. */
export function writeKnownHosts(lab: Lab): void {
  const lines = lab.hosts
    .filter((host) => host.hostKey !== "")
    .flatMap((host) => [`${host.address} ${host.hostKey}`, `[${host.address}]:${host.noForwardPort} ${host.hostKey}`]);
  const draft = `${lab.knownHostsFile}.${process.pid}`;
  writeFileSync(draft, `${lines.join("\n")}\n`);
  renameSync(draft, lab.knownHostsFile);
}
