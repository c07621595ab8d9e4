// The Node that runs the agent on a host: the host's own, else one that we can send there. It must never send a binary
// that leans on libraries of this machine.

import { createHash } from "node:crypto";
import { createReadStream, existsSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { LeeaError } from "../../model/errors";
import type { HostProbe } from "./probe-host";

/** `host`: a path on the host. `upload`: a file of this machine. */
export type Runtime =
  | { readonly kind: "host"; readonly path: string }
  | { readonly kind: "upload"; readonly path: string };

const nodeArchOf: Readonly<Record<string, string>> = { x86_64: "x64", amd64: "x64", aarch64: "arm64", arm64: "arm64" };

/** Chooses the runtime for a host. RUNTIME_MISSING where there is none to be had. */
export function chooseRuntime(label: string, probe: HostProbe): Runtime {
  // The path goes between double quotes into the agent's launcher; an odd one is as good as none.
  if (probe.node !== undefined && /^\/[A-Za-z0-9._/+@-]+$/.test(probe.node)) return { kind: "host", path: probe.node };
  const arch = nodeArchOf[probe.arch];
  const path = arch === undefined ? undefined : (findPackagedNode(arch) ?? ownNode(arch));
  if (path !== undefined) return { kind: "upload", path };
  throw new LeeaError({
    code: "RUNTIME_MISSING",
    message: `Unable to run the agent on host "${label}": it has no Node of version 20 or newer, and none for linux-${arch ?? probe.arch} is here to be sent`,
    hint: `Install Node 20 or newer on the host, or add the package node-linux-${arch ?? "x64"} beside leea's.`,
    details: { arch: probe.arch },
  });
}

const hashes = new Map<string, Promise<string>>();

/** SHA-256, in hex, of a file of this machine. Read once for as long as nobody writes to it: many VMs name one image. */
export async function hashFile(path: string): Promise<string> {
  const { dev, ino, size, mtimeNs, ctimeNs } = statSync(path, { bigint: true });
  const key = [dev, ino, size, mtimeNs, ctimeNs].join(":");
  const known = hashes.get(key);
  if (known !== undefined) return known;
  const hash = readHash(path);
  hashes.set(key, hash);
  hash.catch(() => hashes.delete(key)); // asked again, it is read again; who asked now hears why
  return hash;
}

async function readHash(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest("hex");
}

function findPackagedNode(arch: string): string | undefined {
  const name = `node-linux-${arch}`;
  const from = createRequire(join(__dirname, "package.json"));
  // Beside us, or below the package `node`, which brings its own copy.
  const folders = ["", "node/node_modules/"].flatMap((prefix) =>
    (from.resolve.paths(name) ?? []).map((folder) => join(folder, prefix, name)),
  );
  return folders.map((folder) => join(folder, "bin", "node")).find((path) => existsSync(path));
}

// A Node that distributions link to shared libraries of theirs would not start elsewhere.
function ownNode(arch: string): string | undefined {
  const { variables } = process.config as { variables: Readonly<Record<string, unknown>> };
  const shared = Object.entries(variables).some(([name, value]) => name.startsWith("node_shared") && value === true);
  const fits =
    process.platform === "linux" && process.arch === arch && Number(process.versions.node.split(".")[0]) >= 20;
  return fits && !shared ? process.execPath : undefined;
}
