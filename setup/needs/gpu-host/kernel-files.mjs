// The host's kernel, and those of its modules that the host can use, in the host's root.

import { cpSync, globSync, mkdirSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fetchKernelPackage, loadModules, unpackKernelPackage } from "../../guest/kernel-package.mjs";
import { CACHE } from "../../paths.mjs";
import { runOrFail } from "../../run-command.mjs";
import { BOOT_MODULES, HOST_MODULE_FOLDERS, HOST_MODULES } from "./recipe.mjs";

/**
 * Puts modules into `root` and resolves to {image: path of the kernel, bootModules: [{name, data}]}, where `scratch` holds
 * the unpacked package. `more` are paths of modules from elsewhere.
 */
export async function putKernel(kernel, { root, scratch, more }) {
  const deb = await fetchKernelPackage({ name: kernel.image, version: kernel.version }, CACHE);
  const { kernel: image, moduleFiles } = await unpackKernelPackage(deb, scratch);
  const folder = join(root, "usr", "lib", "modules", kernel.release);
  mkdirSync(join(folder, "kernel"), { recursive: true });
  const wanted = [...HOST_MODULES, ...modulesIn(moduleFiles, HOST_MODULE_FOLDERS)];
  for (const { name, data } of await loadModules(moduleFiles, wanted))
    writeFileSync(join(folder, "kernel", `${name}.ko`), data);
  for (const path of more) cpSync(path, join(folder, "kernel", basename(path)));
  for (const path of globSync(`{usr/,}lib/modules/${kernel.release}/modules.{builtin,builtin.modinfo,order}`, {
    cwd: scratch,
  }))
    cpSync(join(scratch, path), join(folder, basename(path)));
  await runOrFail("chroot", [root, "depmod", kernel.release]);
  return { image, bootModules: await loadModules(moduleFiles, BOOT_MODULES) };
}

function modulesIn(moduleFiles, folders) {
  return [...moduleFiles].filter(([, path]) => folders.test(path)).map(([name]) => name);
}
