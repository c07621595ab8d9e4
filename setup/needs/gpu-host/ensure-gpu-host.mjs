// The emulated host with an IOMMU and devices to hand out that `npm run test:gpu` boots: made once from the
// distribution's packages and the kernel's own samples, kept until a package or our recipe changes.

import { createHash } from "node:crypto";
import { globSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { cachedFolder, isCached } from "../../cache.mjs";
import { isRoot } from "../../platform.mjs";
import { Problem } from "../../problem.mjs";
import { ensureDebianPackages } from "../debian/debian-packages.mjs";
import { ensureModules, modulesName } from "./build-modules.mjs";
import { findHostKernel } from "./debian-index.mjs";
import { makeImage } from "./make-image.mjs";
import { ensureRoot, rootName } from "./make-root.mjs";

const HERE = dirname(fileURLToPath(import.meta.url));

/** What this machine needs to make the host; none of it is needed to boot one that is made. */
const PACKAGES = [
  { name: "mmdebstrap", program: "mmdebstrap" },
  { name: "e2fsprogs", program: "mke2fs" },
];

/** Resolves to the folder that holds vmlinuz, initrd.gz, root.img, identity and host-key.pub. Root, Debian on amd64. */
export async function ensureGpuHost(steps) {
  const kernel = await findHostKernel();
  const name = await hostName(kernel);
  if (!isCached(name)) await prepareMaking(steps);
  let folder;
  await steps.run("GPU host", async ({ say }) => {
    if (isCached(name)) folder = await cachedFolder(name, () => undefined);
    if (folder !== undefined) return { ready: "built earlier" };
    const rootTar = await ensureRoot(say);
    const modules = await ensureModules(kernel, say);
    folder = await cachedFolder(name, (temporary) => makeImage(temporary, { kernel, rootTar, modules, say }), say);
    return `made, with Linux ${kernel.release}`;
  });
  return folder;
}

async function prepareMaking(steps) {
  if (!isRoot()) {
    throw new Problem("Only root can make the emulated GPU host's root", "Run `sudo npm run test:gpu` once");
  }
  await ensureDebianPackages(steps, PACKAGES);
}

async function hostName(kernel) {
  const hash = createHash("sha256").update(`${await rootName()} ${modulesName(kernel)} ${process.version}`);
  for (const path of globSync("**/*", { cwd: HERE }).sort()) {
    if (statSync(join(HERE, path)).isFile()) hash.update(`${path}\0`).update(readFileSync(join(HERE, path)));
  }
  return `gpu-host-${hash.digest("hex").slice(0, 12)}`;
}
