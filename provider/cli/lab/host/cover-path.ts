// Makes a file of one running host look like an empty file that nobody can run, and takes that back. The file itself
// is never touched: only the host's own mounts change.

import type { ProcessIdentity } from "../machine/process-identity";
import { runCommand, tryCommand } from "../machine/run-command";

const emptyFile = "/run/.leea-lab-hidden";

/** Covers `path` of the host with this first process. Twice is fine. Throws LAB_FAILED when there is no such file. */
export async function coverPath(host: ProcessIdentity, path: string): Promise<void> {
  if (await isCovered(host, path)) return;
  await runCommand([...inMountsOf(host), "touch", emptyFile]);
  await runCommand([...inMountsOf(host), "chmod", "0444", emptyFile]);
  await runCommand([...inMountsOf(host), "mount", "--bind", emptyFile, path]);
}

/** Uncovers `path` again. Not covered is fine. */
export async function uncoverPath(host: ProcessIdentity, path: string): Promise<void> {
  if (await isCovered(host, path)) await runCommand([...inMountsOf(host), "umount", path]);
}

async function isCovered(host: ProcessIdentity, path: string): Promise<boolean> {
  const same = await tryCommand([...inMountsOf(host), "test", path, "-ef", emptyFile]);
  return same.status === 0;
}

/** With its process namespace, because umount(8) reads the mounts in the host's own /proc. */
function inMountsOf(host: ProcessIdentity): string[] {
  return ["nsenter", "--target", String(host.pid), "--mount", "--pid", "--"];
}
