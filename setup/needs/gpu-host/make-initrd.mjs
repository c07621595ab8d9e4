// The host's initial RAM disk: busybox, the modules of its disk, and a script that goes on to systemd.

import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { folder, link, program, writeCpioArchive } from "../../guest/cpio-archive.mjs";
import { findProgram } from "../../platform.mjs";
import { Problem } from "../../problem.mjs";

const FOLDERS = ["bin", "dev", "modules", "newroot", "proc", "sys"];
const APPLETS = ["insmod", "mount", "sh", "sleep", "switch_root", "umount"];

/** The bytes of the archive. `bootModules` are {name, data}, each after what it depends on; `init` is the script. */
export function makeInitrd(bootModules, init) {
  const busybox = findProgram("busybox");
  if (busybox === undefined) throw new Problem("busybox is missing", "apt-get install busybox-static");
  const known = execFileSync(busybox, ["--list"], { encoding: "utf8" }).split("\n");
  const missing = APPLETS.filter((name) => !known.includes(name));
  if (missing.length > 0)
    throw new Problem(`${busybox} has no ${missing.join(", ")}`, "apt-get install busybox-static");
  const entries = [
    ...FOLDERS.map(folder),
    { path: "dev/console", mode: 0o020600, device: [5, 1] },
    program("bin/busybox", readFileSync(busybox)),
    ...APPLETS.map((name) => link(`bin/${name}`, "busybox")),
    program("init", init),
    ...bootModules.map(({ name, data }, index) => ({
      path: `modules/${String(index).padStart(2, "0")}-${name}.ko`,
      mode: 0o100644,
      data,
    })),
  ];
  return gzipSync(writeCpioArchive(entries), { level: 1 });
}
