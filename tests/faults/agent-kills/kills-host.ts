// What is to be seen of the host without asking its agent: QEMU processes, folders, and the fake QEMUs' own ledger.

import { existsSync, readdirSync, readFileSync } from "node:fs";

const marker = "socket,id=qmp,path=/run/leea-vm/";

/** Pids of the live QEMU processes of each VM. */
export function findQemus(): ReadonlyMap<string, readonly number[]> {
  const found = new Map<string, number[]>();
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    const vmId = readArgv(pid)
      .find((word) => word.startsWith(marker))
      ?.slice(marker.length)
      .split("/")[0];
    if (vmId !== undefined) found.set(vmId, [...(found.get(vmId) ?? []), Number(pid)]);
  }
  return found;
}

/** VMs that have a folder of disks. */
export function findFolders(): readonly string[] {
  const folder = "/var/lib/leea/vm";
  return existsSync(folder) ? readdirSync(folder) : [];
}

/** How often the ledger holds a word: `start`, `run`, `end`, `double`. */
export function countInLedger(word: string): number {
  const path = "/run/fake-qemu.ledger";
  if (!existsSync(path)) return 0;
  return readFileSync(path, "utf8")
    .split("\n")
    .filter((line) => line.startsWith(`${word} `)).length;
}

/** A process that ends meanwhile has no words. */
function readArgv(pid: string): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
  } catch {
    return [];
  }
}
