// Kernel modules that only tests load: the kernel's own mediated-device samples, from the distribution's source package,
// and our stand-in for a vendor's driver (tests/gpu-host/modules). Built against the distribution's headers, which lie
// over /usr in a mount namespace of the build's own: nothing is installed on this machine.

import { createHash } from "node:crypto";
import { cpSync, existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { cachedFolder } from "../../cache.mjs";
import { fetchKernelPackage } from "../../guest/kernel-package.mjs";
import { CACHE, ROOT } from "../../paths.mjs";
import { Problem } from "../../problem.mjs";
import { runOrFail } from "../../run-command.mjs";
import { findDependencies, findVersions } from "./debian-index.mjs";
import { MDEV_SAMPLES } from "./recipe.mjs";

const SOURCES = join(ROOT, "tests", "gpu-host", "modules");
const SAMPLES = "samples/vfio-mdev";

// Run in the folder that lies over /usr: a relative path needs no quoting in mount's options. $1: the headers' folder below
// /usr, $2: the modules' sources. Type information is left out: it takes a program of its own to make, and no test reads it.
const BUILD =
  'mount -t overlay overlay -o lowerdir=.:/usr /usr && exec make -C "/usr/$1" "M=$2" CONFIG_DEBUG_INFO_BTF_MODULES= modules';

/** The name of the cached folder: it changes with the kernel and with our sources. */
export function modulesName(kernel) {
  const hash = createHash("sha256").update(`${kernel.release} ${kernel.version} ${MDEV_SAMPLES.join()} ${BUILD}\0`);
  for (const name of ownSources()) hash.update(`${name}\0`).update(readFileSync(join(SOURCES, name)));
  return `gpu-host-modules-${hash.digest("hex").slice(0, 12)}`;
}

/** Resolves to the paths of the built modules. `kernel` is what findHostKernel gives. */
export async function ensureModules(kernel, say) {
  const folder = await cachedFolder(modulesName(kernel), (temporary) => buildModules(kernel, temporary, say), say);
  return globSync("*.ko", { cwd: folder })
    .sort()
    .map((name) => join(folder, name));
}

async function buildModules(kernel, folder, say) {
  const [over, build] = [join(folder, "over"), join(folder, "build")];
  mkdirSync(build);
  await unpackHeaders(kernel, over, say);
  await unpackSamples(kernel, build, { scratch: join(folder, "source"), say });
  for (const name of ownSources()) cpSync(join(SOURCES, name), join(build, name));
  say("compiling the test's kernel modules");
  const script = ["--mount", "sh", "-c", BUILD, "sh", `src/${kernel.headers}`, build];
  await runOrFail("unshare", script, {
    cwd: join(over, "usr"),
    env: { ...process.env, LC_ALL: "C" },
    problem: "Unable to build the kernel modules of the emulated GPU host",
    hint: "The compiler's words are above; gcc must be the one that Debian builds this kernel with",
  });
  const built = globSync("*.ko", { cwd: build });
  if (built.length <= MDEV_SAMPLES.length)
    throw new Problem(`Only ${built.join(", ")} were built`, "See tests/gpu-host/modules/Makefile");
  for (const name of built) cpSync(join(build, name), join(folder, name));
  for (const part of [over, build]) rmSync(part, { recursive: true, force: true });
}

function ownSources() {
  return globSync("{Makefile,*.c,*.h}", { cwd: SOURCES }).sort();
}

/** Headers, the kernel's build programs and what those need that a machine may lack, unpacked into one tree. */
async function unpackHeaders(kernel, folder, say) {
  const needed = new Map([[kernel.headers, kernel.version]]);
  const parts = (await findDependencies(kernel.headers, kernel.version)).filter((name) =>
    /headers.*common|kbuild/.test(name),
  );
  for (const [name, version] of await findVersions(parts)) needed.set(name, version);
  const kbuild = parts.find((name) => name.startsWith("linux-kbuild"));
  const libraries = (await findDependencies(kbuild, needed.get(kbuild))).filter((name) => name.startsWith("libelf"));
  for (const [name, version] of await findVersions(["make", ...libraries])) needed.set(name, version);
  for (const [name, version] of needed) {
    say(`fetching ${name}`);
    await runOrFail("dpkg-deb", ["-x", await fetchKernelPackage({ name, version }, CACHE), folder]);
  }
}

/** The samples' C files out of the kernel's source package, which is too large to be kept. */
async function unpackSamples(kernel, build, { scratch, say }) {
  say(`fetching ${kernel.source}`);
  const deb = await fetchKernelPackage({ name: kernel.source, version: kernel.version }, scratch);
  await runOrFail("dpkg-deb", ["-x", deb, scratch]);
  const files = MDEV_SAMPLES.map((name) => `${kernel.source}/${SAMPLES}/${name}.c`);
  say(`unpacking ${SAMPLES}`);
  const archive = join(scratch, "usr", "src", `${kernel.source}.tar.xz`);
  const headers = ["--wildcards", `${kernel.source}/${SAMPLES}/*.h`];
  await runOrFail("tar", ["-xJf", archive, "-C", scratch, ...files, ...headers]);
  cpSync(join(scratch, kernel.source, SAMPLES), build, { recursive: true });
  rmSync(scratch, { recursive: true, force: true });
  const missing = MDEV_SAMPLES.filter((name) => !existsSync(join(build, `${name}.c`)));
  if (missing.length > 0) throw new Problem(`${kernel.source} has no sample ${missing.join(", ")}`, "See recipe.mjs");
  writeFileSync(join(build, "samples.mk"), MDEV_SAMPLES.map((name) => `obj-m += ${name}.o\n`).join(""));
}
