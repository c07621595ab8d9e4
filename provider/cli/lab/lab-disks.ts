// Where the hosts' disks lie: in the lab's folder, which must be on a file system that an overlay can write to.

import { mkdirSync, readFileSync, statfsSync } from "node:fs";
import { runCommand } from "./machine/run-command";

/** statfs(2): the file system is itself an overlay, as a container's root is. */
const overlayMagic = 0x794c7630;

/** Makes the folder of the hosts' disks; in memory where the lab's folder cannot carry an overlay. */
export async function prepareDisks(directory: string): Promise<void> {
  const folder = disksFolder(directory);
  mkdirSync(folder, { recursive: true, mode: 0o755 });
  if (statfsSync(folder).type !== overlayMagic) return;
  await runCommand(["mount", "-t", "tmpfs", "-o", "mode=755", "leea-lab", folder]);
}

/** Unmounts what `prepareDisks` mounted; the disks are lost. Nothing mounted is fine. */
export async function removeDisks(directory: string): Promise<void> {
  const folder = disksFolder(directory);
  const points = readFileSync("/proc/self/mountinfo", "utf8").split("\n");
  if (points.some((line) => line.split(" ")[4] === folder)) await runCommand(["umount", folder]);
}

function disksFolder(directory: string): string {
  return `${directory}/hosts`;
}
