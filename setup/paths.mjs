// Where things are in this checkout and in the cache. Every path of setup/ is made here or from here.

import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The checkout's root folder. */
export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

/** Programs that npm installed; first on PATH of all we run. */
export const NPM_PROGRAMS = join(ROOT, "node_modules", ".bin");

/** Outside the checkout, so that a second checkout does not build again. `LEEA_CACHE` overrides it. */
export const CACHE = process.env.LEEA_CACHE || join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "leea");
