// Removes a lab and every trace of it, whole or half made: processes, namespaces, interface, cgroups, folder.

import { existsSync, readdirSync, readFileSync, rmdirSync, rmSync } from "node:fs";
import { removeDisks } from "./lab-disks";
import { unplugMachine } from "./lab-network";
import { labDirectory } from "./lab-record";
import { endProcess } from "./machine/first-process";
import { findSlot, freeSlot } from "./machine/lab-slot";
import { labLockFile, withLabLock } from "./machine/machine-lock";
import { findFirstProcesses } from "./machine/process-identity";
import { requireTools } from "./machine/require-tools";

/** Ends the lab `name`, disks and keys with it. One that is not there is fine. Throws LAB_FAILED. */
export async function labDown(name = "default"): Promise<void> {
  const directory = labDirectory(name);
  requireTools();
  await withLabLock(name, async () => {
    // Found by their arguments, not by the record: a process that was never recorded must go too.
    const scripts = ["host.sh", "inet.sh", "lan.sh"].map((script) => `${directory}/${script}`);
    await Promise.all(scripts.flatMap(findFirstProcesses).map(endProcess));
    const slot = findSlot(directory);
    if (slot !== undefined) {
      await unplugMachine(slot);
      removeCgroups(slot);
    }
    await removeDisks(directory);
    rmSync(directory, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
    await freeSlot(directory);
    rmSync(labLockFile(name), { force: true });
  });
}

function removeCgroups(slot: number): void {
  for (const tree of cgroupTrees()) {
    removeEmptyFolders(`${tree}/leea-lab/${slot}`);
    removeIfEmpty(`${tree}/leea-lab`);
  }
}

/** Where each cgroup hierarchy is mounted, version 1 and 2 (proc(5) mountinfo). */
function cgroupTrees(): string[] {
  return readFileSync("/proc/self/mountinfo", "utf8")
    .split("\n")
    .filter((line) => / - cgroup2? /.test(line))
    .flatMap((line) => line.split(" ")[4] ?? []);
}

/** A cgroup is removed with rmdir alone, children first; the files in it are the kernel's. */
function removeEmptyFolders(folder: string): void {
  if (!existsSync(folder)) return;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) removeEmptyFolders(`${folder}/${entry.name}`);
  }
  removeIfEmpty(folder);
}

function removeIfEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // Not there, or another lab's group is still in it: then it is not ours to remove.
  }
}
