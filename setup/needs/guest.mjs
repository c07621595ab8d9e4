// The tiny Linux that tests and the lab boot, built from the distribution's kernel and busybox.

import { existsSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { CACHE, ROOT } from "../paths.mjs";

const BUILDER = join(ROOT, "setup", "guest", "build-guest.mjs");

/** Resolves to {kernel, initrd}, paths in the cache; undefined where there is no builder. */
export async function ensureGuest(steps) {
  if (!existsSync(BUILDER)) return undefined;
  let guest;
  await steps.run("test guest", async ({ say }) => {
    const { buildGuest } = await import(pathToFileURL(BUILDER).href);
    const startedAt = Date.now();
    guest = await buildGuest({ cacheDir: CACHE, log: say });
    return Date.now() - startedAt < 1000 ? { ready: "built earlier" } : "built";
  });
  return guest;
}
