// WireGuard in user space, for kernels without it: the current release from its Go module, which is several times
// faster than the one that Debian 12 has. Where there is no Go, Debian's own.

import { join } from "node:path";
import { cachedFolder, cacheEntry, isCached } from "../cache.mjs";
import { findProgram } from "../platform.mjs";
import { runCaptured } from "../run-command.mjs";
import { buildGoTool, findGo, hashOfTools } from "./go-tool.mjs";

const PROGRAM = "wireguard-go";

/** The Debian package to add where the kernel has no WireGuard and there is no Go to build it with; else none. */
export async function wireguardPackages() {
  const isOurs = isCached(cacheName()) || (await findGo()) !== undefined;
  if (isOurs || process.platform !== "linux" || (await hasKernelWireguard())) return [];
  return [{ name: PROGRAM, program: PROGRAM }];
}

/** Resolves to the path of a wireguard-go built by us, or to undefined where there is no Go to build it with. */
export async function ensureWireguardGo(steps) {
  const go = await findGo();
  const wasCached = isCached(cacheName());
  if (go === undefined && !wasCached) return undefined;
  let folder;
  await steps.run("wireguard-go", async ({ say }) => {
    folder = await cachedFolder(
      cacheName(),
      (temporary) =>
        buildGoTool(go, { tool: PROGRAM, from: "golang.zx2c4.com/wireguard", to: join(temporary, PROGRAM), say }),
      say,
    );
    return wasCached ? { ready: "built earlier" } : "built";
  });
  return join(folder, PROGRAM);
}

/** Path of the machine's own wireguard-go, or undefined. */
export function findOwnWireguardGo() {
  return findProgram(PROGRAM);
}

/** The path of a wireguard-go that was built earlier, or that is the person's own; undefined where there is neither. Builds nothing. */
export function builtWireguardGo() {
  return isCached(cacheName()) ? join(cacheEntry(cacheName()), PROGRAM) : findOwnWireguardGo();
}

function cacheName() {
  return `${PROGRAM}-${hashOfTools(PROGRAM)}`;
}

// Asked in a network namespace of its own, which is gone with the command: nothing is left on the machine.
async function hasKernelWireguard() {
  const { status } = await runCaptured("unshare", ["--net", "ip", "link", "add", "leeaprobe", "type", "wireguard"]);
  return status === 0;
}
