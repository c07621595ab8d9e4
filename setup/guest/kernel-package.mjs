// Finds, fetches and unpacks the distribution's kernel package (Debian's cloud kernel).
// Must never install a package nor change the package system's state.
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
const MAX_OUTPUT_BYTES = 16 << 20;

async function runForText(argv) {
  const { stdout } = await run(argv[0], argv.slice(1), {
    maxBuffer: MAX_OUTPUT_BYTES,
    env: { ...process.env, LC_ALL: "C" },
  });
  return stdout;
}

async function findDebianArchitecture() {
  return (await runForText(["dpkg", "--print-architecture"])).trim();
}

/**
 * Gives {name, version} of the kernel image that the metapackage `linux-image-cloud-<architecture>` now stands for.
 * Throws when apt does not know it: then `apt-get update` has not run, or this is not Debian.
 */
export async function findKernelPackage() {
  const meta = `linux-image-cloud-${await findDebianArchitecture()}`;
  const text = await runForText(["apt-cache", "depends", "--important", meta]).catch(() => "");
  const name = /Depends: (linux-image-\S+)/.exec(text)?.[1];
  if (name === undefined)
    throw new Error(
      `Unable to find the kernel package ${meta}: run "apt-get update" first (the test guest needs Debian 12 or 13)`,
    );
  const version = /^\s*Candidate: (\S+)/m.exec(await runForText(["apt-cache", "policy", name]))?.[1];
  return { name, version: version ?? "unknown" };
}

/** Gives the path of the downloaded package file; a file that is there already is used as it is. */
export async function fetchKernelPackage(kernel, cacheDir) {
  const folder = join(cacheDir, "packages", `${kernel.name}_${encodeURIComponent(kernel.version)}`);
  const cached = await findDebFile(folder);
  if (cached !== undefined) return cached;
  await mkdir(join(cacheDir, "packages"), { recursive: true });
  const draft = await mkdtemp(`${folder}.draft-`);
  try {
    await run("apt-get", ["-q", "-o", "APT::Sandbox::User=root", "download", `${kernel.name}=${kernel.version}`], {
      cwd: draft,
    });
    await publishFolder(draft, folder);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  const fetched = await findDebFile(folder);
  if (fetched === undefined)
    throw new Error(`Unable to fetch ${kernel.name} ${kernel.version}: apt-get download left no file`);
  return fetched;
}

async function findDebFile(folder) {
  const names = await readdir(folder).catch(() => []); // a folder that is not there holds nothing
  const name = names.find((each) => each.endsWith(".deb"));
  return name === undefined ? undefined : join(folder, name);
}

/** Renames a finished folder into place; when another process was first, its folder stands. */
export async function publishFolder(draft, folder) {
  await rename(draft, folder).catch((error) => {
    if (error.code !== "ENOTEMPTY" && error.code !== "EEXIST") throw error;
  });
}

/** Unpacks a kernel package into `folder`; gives {kernel: path of the image, moduleFiles: path by module name}. */
export async function unpackKernelPackage(debFile, folder) {
  await run("dpkg-deb", ["-x", debFile, folder]);
  const image = (await readdir(join(folder, "boot"))).find((name) => name.startsWith("vmlinu"));
  if (image === undefined) throw new Error(`Unable to find a kernel image in ${debFile}`);
  return { kernel: join(folder, "boot", image), moduleFiles: await listModuleFiles(folder) };
}

async function listModuleFiles(folder) {
  const found = new Map();
  for (const top of ["lib/modules", "usr/lib/modules"]) {
    const names = await readdir(join(folder, top), { recursive: true }).catch(() => []); // only one of the two exists
    for (const name of names) {
      const match = /([^/]+)\.ko(\.xz)?$/.exec(name);
      if (match) found.set(match[1].replaceAll("-", "_"), join(folder, top, name));
    }
  }
  return found;
}

async function readModule(path) {
  if (!path.endsWith(".xz")) return readFile(path);
  const { stdout } = await run("xz", ["-dc", path], { encoding: "buffer", maxBuffer: MAX_OUTPUT_BYTES });
  return stdout;
}

/**
 * Gives the wanted modules and all that they depend on, each after its dependencies, as {name, data}.
 * A wanted module that the package lacks is built into the kernel (or has no use there) and is left out.
 */
export async function loadModules(moduleFiles, wanted) {
  const ordered = new Map();
  const visit = async (name) => {
    const path = moduleFiles.get(name);
    if (path === undefined || ordered.has(name)) return;
    const data = await readModule(path);
    const dependencies = /\0depends=([^\0]*)\0/.exec(data.toString("latin1"))?.[1] ?? "";
    for (const dependency of dependencies.split(",").filter(Boolean)) await visit(dependency.replaceAll("-", "_"));
    ordered.set(name, { name, data });
  };
  for (const name of wanted) await visit(name);
  return [...ordered.values()];
}
