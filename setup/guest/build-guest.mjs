// Builds the test guest on the spot: the distribution's kernel, busybox and one small C program in an initial RAM disk.
// Must never write outside the cache folder; a build that is cut short leaves nothing that a later one would use.
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { chmod, copyFile, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { CACHE } from "../paths.mjs";
import { folder, link, program, writeCpioArchive } from "./cpio-archive.mjs";
import {
  fetchKernelPackage,
  findKernelPackage,
  loadModules,
  publishFolder,
  unpackKernelPackage,
} from "./kernel-package.mjs";

const run = promisify(execFile);
const HERE = dirname(fileURLToPath(import.meta.url));
const BUSYBOX_PATHS = ["/bin/busybox", "/usr/bin/busybox"];
const COMPILER = ["-O2", "-static", "-Wall", "-Wextra", "-Werror", "-pthread"];
// virtio_ring first: virtio needs it in newer kernels. Dependencies are added by themselves.
const MODULES = [
  "virtio_ring",
  "virtio",
  "virtio_pci",
  "virtio_mmio",
  "virtio_net",
  "virtio_blk",
  "virtio_rng",
  "virtio_console",
  "virtio_balloon",
  "virtio_mem",
  "qemu_fw_cfg",
  "pvpanic",
  "pvpanic_pci",
  "evdev",
  "button",
];
const STALE_MS = 60 * 60 * 1000;
const FOLDERS = ["bin", "proc", "sys", "dev", "modules", "tmp", "etc", "run", "root"];

async function findBusybox() {
  for (const path of BUSYBOX_PATHS) if (await stat(path).catch(() => undefined)) return path;
  throw new Error('Unable to build the test guest: busybox is missing; run "apt-get install busybox-static"');
}

/** Hash of all that the guest is made of, but for the kernel: our sources and this machine's busybox. */
async function hashIngredients(busybox) {
  const hash = createHash("sha256");
  const sources = (await readdir(HERE, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  for (const path of sources.map((entry) => join(entry.parentPath ?? entry.path, entry.name)).sort()) {
    hash.update(`${path.slice(HERE.length)}\0`).update(await readFile(path));
  }
  const { size, mtimeMs } = await stat(busybox);
  return hash.update(`${busybox} ${size} ${mtimeMs}`).digest("hex").slice(0, 20);
}

async function compileProgram(draft) {
  const sourceFolder = join(HERE, "program");
  const sources = (await readdir(sourceFolder)).filter((name) => name.endsWith(".c")).sort();
  const output = join(draft, "guest-program");
  await run("gcc", [...COMPILER, "-s", "-o", output, ...sources], { cwd: sourceFolder }).catch((error) => {
    throw new Error(
      `Unable to compile the test guest's program (gcc and libc6-dev are needed): ${error.stderr || error.message}`,
    );
  });
  return readFile(output);
}

/** Links for every busybox applet but itself, so that scripts in the guest read like scripts anywhere. */
async function listAppletLinks(busybox) {
  const { stdout } = await run(busybox, ["--list"]);
  return stdout
    .split("\n")
    .filter((name) => /^[a-z0-9[_-]+$/.test(name) && name !== "busybox")
    .map((name) => link(`bin/${name}`, "busybox"));
}

async function composeInitrd(draft, modules, busybox) {
  const entries = [
    ...FOLDERS.map(folder),
    { path: "dev/console", mode: 0o020600, device: [5, 1] },
    program("bin/busybox", await readFile(busybox)),
    ...(await listAppletLinks(busybox)),
    program("init", await readFile(join(HERE, "init"))),
    program("dhcp-event", await readFile(join(HERE, "dhcp-event"))),
    program("guest", await compileProgram(draft)),
    ...modules.map(({ name, data }, index) => ({
      path: `modules/${String(index).padStart(2, "0")}-${name}.ko`,
      mode: 0o100644,
      data,
    })),
  ];
  return gzipSync(writeCpioArchive(entries), { level: 9 });
}

async function buildInto(draft, { kernelPackage, cacheDir, busybox, log }) {
  log(`test guest: fetching ${kernelPackage.name} ${kernelPackage.version}`);
  const debFile = await fetchKernelPackage(kernelPackage, cacheDir);
  const scratch = join(draft, "scratch"); // inside the draft: what a killed build leaves is found and removed
  const { kernel, moduleFiles } = await unpackKernelPackage(debFile, scratch);
  await copyFile(kernel, join(draft, "vmlinuz"));
  const initrd = await composeInitrd(scratch, await loadModules(moduleFiles, MODULES), busybox);
  await writeFile(join(draft, "initrd.gz"), initrd);
  await rm(scratch, { recursive: true, force: true });
  await chmod(draft, 0o755); // a machine that runs under a uid of its own reads it
  log(`test guest: built, initrd ${(initrd.length / 2 ** 20).toFixed(1)} MiB`);
}

/** Removes what killed builds left: drafts that nobody has touched for an hour. */
async function removeLeftovers(cacheDir) {
  for (const folder of [cacheDir, join(cacheDir, "packages")]) {
    const names = await readdir(folder).catch(() => []); // nothing was ever fetched
    for (const path of names.filter((name) => name.includes("draft-")).map((name) => join(folder, name))) {
      const found = await stat(path).catch(() => undefined); // another process was quicker
      if (found && Date.now() - found.mtimeMs > STALE_MS) await rm(path, { recursive: true, force: true });
    }
  }
}

async function readFinished(pointerFile, cacheDir) {
  const name = await readFile(pointerFile, "utf8").catch(() => undefined); // no pointer: never built
  if (name === undefined) return undefined;
  const guest = { kernel: join(cacheDir, name, "vmlinuz"), initrd: join(cacheDir, name, "initrd.gz") };
  const present = await Promise.all([guest.kernel, guest.initrd].map((path) => stat(path).catch(() => undefined)));
  return present.every((found) => found !== undefined && found.size > 0) ? guest : undefined;
}

/**
 * Gives {kernel, initrd}: absolute paths of files to boot the test guest from.
 * `cacheDir` keeps downloads and results; an unchanged guest comes from there without a question to apt.
 * `fresh` asks apt again, to follow a newer kernel. Throws an Error that names the missing package.
 */
export async function buildGuest({ cacheDir, log = () => {}, fresh = false }) {
  const root = resolve(cacheDir);
  const busybox = await findBusybox();
  const ingredients = await hashIngredients(busybox);
  const pointerFile = join(root, `current-${ingredients}`);
  const finished = fresh ? undefined : await readFinished(pointerFile, root);
  if (finished !== undefined) return finished;
  await mkdir(root, { recursive: true });
  await removeLeftovers(root);
  const kernelPackage = await findKernelPackage();
  const name = `guest-${createHash("sha256").update(`${ingredients} ${kernelPackage.name} ${kernelPackage.version}`).digest("hex").slice(0, 20)}`;
  const draft = await mkdtemp(join(root, "draft-"));
  try {
    await buildInto(draft, { kernelPackage, cacheDir: root, busybox, log });
    await publishFolder(draft, join(root, name));
    await writeFile(`${draft}.pointer`, name);
    await rename(`${draft}.pointer`, pointerFile);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  return { kernel: join(root, name, "vmlinuz"), initrd: join(root, name, "initrd.gz") };
}

/** Where the guest is kept when nobody says otherwise. */
export const GUEST_CACHE = join(CACHE, "guest");

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(resolve(process.argv[1])).href) {
  const guest = await buildGuest({
    cacheDir: process.argv[2] ?? GUEST_CACHE,
    log: (line) => process.stderr.write(`${line}\n`),
  });
  process.stdout.write(`${JSON.stringify(guest)}\n`);
}
