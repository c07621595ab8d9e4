// The keys around a host's SSH servers: the host's own, and those of the people it lets in.

import { appendFileSync } from "node:fs";
import { labExecArgv } from "../lab-exec";
import { type Lab, labUsers } from "../lab-record";
import { runCommand } from "../machine/run-command";
import { changeHost, readHostKey } from "./host-power";

const keyFile = "/etc/ssh/ssh_host_ed25519_key";

// Sessions outlive their server: only the two listeners are ended, and started again once their ports are free.
const restartScript = `set -eu
for file in /run/sshd.pid /run/sshd-noforward.pid; do
  if [ -s "$file" ]; then
    pid=$(cat "$file")
    kill "$pid" 2>/dev/null || :
    while kill -0 "$pid" 2>/dev/null; do sleep 0.01; done
  fi
done
/usr/sbin/sshd
/usr/sbin/sshd -f /etc/ssh/sshd_config_noforward
`;

/** Restarts both SSH servers of the running host; open sessions go on. */
export async function restartSshd(lab: Lab, name: string): Promise<void> {
  await runCommand(labExecArgv(lab, name, ["/bin/bash", "-s"]), restartScript);
}

/** Gives the running host another host key, as a machine installed anew would have. The lab that is returned, and
 *  known_hosts, hold the new key; the lab passed in still holds the old one. */
export function regenerateHostKey(lab: Lab, name: string): Promise<Lab> {
  return changeHost(lab, name, async (current, host) => {
    await runCommand(labExecArgv(current, name, ["rm", "-f", keyFile, `${keyFile}.pub`]));
    const generate = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", `root@${name}`, "-f", keyFile];
    await runCommand(labExecArgv(current, name, generate));
    await restartSshd(current, name);
    return { ...host, hostKey: readHostKey(current, name) };
  });
}

/** Lets the holder of `publicKey` (one OpenSSH line) in as every user of every running host, and of hosts installed
 *  later. Keys let in before stay. */
export async function addUserKey(lab: Lab, publicKey: string): Promise<void> {
  const line = `${publicKey.trim()}\n`;
  appendFileSync(`${lab.directory}/authorized_keys`, line);
  await forEveryUser(lab, (file) => ["tee", "-a", file], line);
}

/** Shuts out the holder of `publicKey` on every running host. */
export async function removeUserKey(lab: Lab, publicKey: string): Promise<void> {
  const key = publicKey.trim().split(" ")[1] ?? "";
  // \c takes another delimiter than the slash, which a key may hold; a key never holds a comma.
  const remove = ["sed", "-i", `\\,${key},d`];
  await runCommand([...remove, `${lab.directory}/authorized_keys`]);
  await forEveryUser(lab, (file) => [...remove, file], "");
}

async function forEveryUser(lab: Lab, argv: (file: string) => string[], input: string): Promise<void> {
  for (const host of lab.hosts.filter((each) => each.pid !== null)) {
    for (const user of labUsers) {
      const home = user === "root" ? "/root" : `/home/${user}`;
      await runCommand(labExecArgv(lab, host.name, argv(`${home}/.ssh/authorized_keys`)), input);
    }
  }
}
