// Puts the host together: packages, kernel, modules and configuration become a kernel, an initial RAM disk and a disk.

import { copyFileSync, mkdirSync, readFileSync, realpathSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { runOrFail } from "../../run-command.mjs";
import { configureRoot } from "./configure-root.mjs";
import { putKernel } from "./kernel-files.mjs";
import { makeInitrd } from "./make-initrd.mjs";
import { IMAGE_MIB } from "./recipe.mjs";

const INIT = join(dirname(fileURLToPath(import.meta.url)), "files", "init");

/** Fills `folder` with vmlinuz, initrd.gz, root.img, identity and host-key.pub. `rootTar` and `modules` were made before. */
export async function makeImage(folder, { kernel, rootTar, modules, say }) {
  const [root, scratch] = [join(folder, "root"), join(folder, "scratch")];
  for (const path of [root, scratch]) mkdirSync(path);
  say("unpacking the host's root");
  await runOrFail("tar", ["-xpf", rootTar, "-C", root, "--numeric-owner", "--xattrs", "--xattrs-include=*"]);
  say("adding its kernel and modules");
  const { image, bootModules } = await putKernel(kernel, { root, scratch, more: modules });
  copyFileSync(image, join(folder, "vmlinuz"));
  writeFileSync(join(folder, "initrd.gz"), makeInitrd(bootModules, readFileSync(INIT)));
  await configureRoot(root, { folder, node: realpathSync(process.execPath) });
  say("writing its disk");
  await writeDisk(join(folder, "root.img"), root);
  for (const path of [root, scratch]) rmSync(path, { recursive: true });
}

// Everything is written now, nothing by a thread of the booted host that would take its time from tests.
async function writeDisk(file, root) {
  writeFileSync(file, "");
  truncateSync(file, IMAGE_MIB * 2 ** 20);
  const now = "lazy_itable_init=0,lazy_journal_init=0";
  await runOrFail("mke2fs", ["-q", "-F", "-t", "ext4", "-E", now, "-L", "gpu-host", "-d", root, file]);
}
