// The state of a host as text, to compare before and after: what leea leaves behind must be nothing. Only looks.
// Left out on purpose: what changes by itself (carrier, lifetimes, link-local IPv6, SSH sessions, package lists, logs).

import { createHash } from "node:crypto";
import { existsSync, lstatSync, readdirSync, readFileSync, readlinkSync, type Stats } from "node:fs";
import { labExecArgv } from "../lab-exec";
import type { Lab } from "../lab-record";
import { runCommand } from "../machine/run-command";
import { hostDisk } from "./host-power";

// True for process 1 and what descends from it, but not below an SSH session: nothing that entered from outside.
const descends = `
descends() {
  local at=$1
  while [ "$at" != 1 ]; do
    if [ "$at" = 0 ] || [ ! -e "/proc/$at" ]; then return 1; fi
    if [ "$at" != "$1" ]; then
      case $(tr '\\0' ' ' <"/proc/$at/cmdline") in "sshd: "*) return 1 ;; esac
    fi
    at=$(awk '/^PPid:/ { print $2 }' "/proc/$at/status")
  done
}
`;

const lookAround = `
section() { echo "== $1"; }
section links
ip -oneline link show \\
  | sed -E 's/^[0-9]+: //; s/@[^:]+:/:/; s/ (state|link-netnsid|qlen) [^ ]+//g; s/NO-CARRIER,//; s/,LOWER_UP//' | sort
section addresses
ip -oneline address show | grep -v ' fe80:' \\
  | sed -E 's/^[0-9]+: //; s/ (valid_lft|preferred_lft) [^ ]+//g; s/[\\\\ ]+$//' | sort
section routes
ip route show table all | grep -vE '(^| )(fe80:|ff00::/8|anycast)' | sed -E 's/ expires [^ ]+//; s/ +$//' | sort
section rules
ip rule show
ip -6 rule show
section nftables
nft list ruleset
section sysctls
for name in ipv4/ip_forward ipv4/conf/{all,default,eth0}/{rp_filter,send_redirects,accept_redirects,forwarding} \\
  ipv6/conf/all/forwarding; do
  echo "net/$name = $(cat "/proc/sys/net/$name" 2>/dev/null)"
done
section mounts
cut -d ' ' -f 5 /proc/self/mountinfo | sort
section processes
for process in /proc/[0-9]*; do
  words=$(tr '\\0' ' ' <"$process/cmdline" 2>/dev/null)
  case $words in
    "") ;;
    "sshd: "*"[listener]"*) echo "\${words%%\\[listener\\]*}" ;;
    "sshd: "*) ;;
    *) if descends "\${process#/proc/}"; then echo "$words"; fi ;;
  esac
done 2>/dev/null | sort
section run
find /run /tmp -xdev ! -path '/run/sudo*' -printf '%y %m %U:%G %p %l\\n' | sort -k 4
find /run -xdev -type f ! -path '/run/sudo*' -exec sha256sum {} + | sort -k 2
`;

/** The running host's state: links, addresses, routes of all tables, rules, nftables, sysctls, mounts, processes that
 *  belong to no SSH session, everything in /run, and whatever under /etc, /opt, /usr and /var/lib/leea differs from
 *  this machine's (type, mode, owner, content hash). Two equal texts: nothing was left behind. */
export async function snapshotHost(lab: Lab, name: string): Promise<string> {
  const seen = await runCommand(labExecArgv(lab, name, ["/bin/bash", "-s"]), descends + lookAround);
  const disk = hostDisk(lab, name);
  const written = ["etc", "opt", "usr", "var/lib/leea"].flatMap((path) => listWritten(disk, path));
  return `${seen}== disk\n${written.sort().join("\n")}\n`;
}

/** One line for each thing on the host's own disk that differs from what this machine has under the same name. */
function listWritten(disk: string, path: string): string[] {
  const stats = lstatSync(`${disk}/${path}`, { throwIfNoEntry: false });
  if (stats === undefined) return [];
  const line = describeEntry(`${disk}/${path}`, stats);
  const below = stats.isDirectory() ? readdirSync(`${disk}/${path}`) : [];
  const lines = below.flatMap((entry) => listWritten(disk, `${path}/${entry}`));
  const same = existsSync(`/${path}`) && line === describeEntry(`/${path}`, lstatSync(`/${path}`));
  return same ? lines : [`/${path} ${line}`, ...lines];
}

function describeEntry(file: string, stats: Stats): string {
  // The overlay marks a removed file by a character device in its place.
  if (stats.isCharacterDevice()) return "removed";
  const owner = `${(stats.mode & 0o7777).toString(8)} ${stats.uid}:${stats.gid}`;
  if (stats.isDirectory()) return `folder ${owner}`;
  if (stats.isSymbolicLink()) return `link ${readlinkSync(file)}`;
  if (!stats.isFile()) return `special ${owner}`;
  return `file ${owner} ${createHash("sha256").update(readFileSync(file)).digest("hex").slice(0, 16)}`;
}
