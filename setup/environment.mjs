// What the programs that we run are told by environment: where the tools, the cache and the test guest are.

import { delimiter } from "node:path";
import { CACHE, NPM_PROGRAMS } from "./paths.mjs";

/** A copy of this process's environment with our Node first on PATH, and everything that was set up named. */
export function environmentWith({ pulumiFolder, tofuFolder, wireguardGo, guest } = {}) {
  const folders = [NPM_PROGRAMS, pulumiFolder, tofuFolder, process.env.PATH];
  const path = folders.filter((part) => part !== undefined).join(delimiter);
  return {
    ...process.env,
    PATH: path,
    LEEA_CACHE: CACHE,
    PULUMI_SKIP_UPDATE_CHECK: "1",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "1",
    ...(wireguardGo === undefined ? {} : { LEEA_WIREGUARD_GO: wireguardGo }),
    ...(guest === undefined ? {} : { LEEA_GUEST_KERNEL: guest.kernel, LEEA_GUEST_INITRD: guest.initrd }),
  };
}
