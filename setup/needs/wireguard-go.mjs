// WireGuard in user space, for kernels without it: the current release from its Go module, which is several times
// faster than the one that Debian 12 has. Where there is no Go, Debian's own.

import { join } from "node:path";
import { cachedFolder } from "../cache.mjs";
import { findProgram } from "../platform.mjs";
import { runCaptured } from "../run-command.mjs";
import { buildGoTool, findGo, hashOfTools } from "./go-tool.mjs";

const PROGRAM = "wireguard-go";

/** The Debian package to add where the kernel has no WireGuard and there is no Go to build it with; else none. */
export async function wireguardPackages() {
  if (process.platform !== "linux" || (await findGo()) !== undefined || (await hasKernelWireguard())) return [];
  return [{ name: PROGRAM, program: PROGRAM }];
}

/** Resolves to the path of a wireguard-go, or to undefined when the kernel's WireGuard is all there is (and enough). */
export async function ensureWireguardGo(steps) {
  let path;
  await steps.run("wireguard-go", async ({ say }) => {
    let isBuilt = false;
    const go = await findGo();
    if (go === undefined) {
      path = findProgram(PROGRAM);
      return { ready: path ?? "not needed: the kernel has WireGuard" };
    }
    const folder = await cachedFolder(
      `${PROGRAM}-${hashOfTools(PROGRAM)}`,
      async (temporary) => {
        await buildGoTool(go, { tool: PROGRAM, from: "golang.zx2c4.com/wireguard", to: join(temporary, PROGRAM), say });
        isBuilt = true;
      },
      say,
    );
    path = join(folder, PROGRAM);
    return isBuilt ? "built" : { ready: "built earlier" };
  });
  return path;
}

// Asked in a network namespace of its own, which is gone with the command: nothing is left on the machine.
async function hasKernelWireguard() {
  const { status } = await runCaptured("unshare", ["--net", "ip", "link", "add", "leeaprobe", "type", "wireguard"]);
  return status === 0;
}
