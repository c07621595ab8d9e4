// Where the emulated host's files are. `npm run test:gpu` makes them and names their folder in LEEA_GPU_HOST.

import { readFileSync } from "node:fs";
import { join } from "node:path";

/** Absolute paths in the cache, which nobody writes to, and the public key that the host shows. */
export interface HostImage {
  readonly kernel: string;
  readonly initrd: string;
  readonly disk: string;
  /** Private key that root of the host lets in. */
  readonly identity: string;
  /** As in known_hosts: type and key. */
  readonly hostKey: string;
}

/** The image that setup made. Throws where a test is run without it. */
export function readHostImage(): HostImage {
  const folder = process.env["LEEA_GPU_HOST"];
  if (folder === undefined) throw new Error("LEEA_GPU_HOST is not set: run these tests by `npm run test:gpu`");
  const [type, key] = readFileSync(join(folder, "host-key.pub"), "utf8").split(" ");
  return {
    kernel: join(folder, "vmlinuz"),
    initrd: join(folder, "initrd.gz"),
    disk: join(folder, "root.img"),
    identity: join(folder, "identity"),
    hostKey: `${type} ${key}`,
  };
}
