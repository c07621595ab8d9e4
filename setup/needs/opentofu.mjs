// OpenTofu: the machine's own if it has one, else built from its pinned Go module into the cache. It never changes the
// machine's own. tools/opentofu repeats the one `replace` of OpenTofu's own go.mod, which Go ignores in a dependency.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { cachedFolder, cacheEntry, isCached } from "../cache.mjs";
import { ROOT } from "../paths.mjs";
import { findProgram } from "../platform.mjs";
import { Problem } from "../problem.mjs";
import { buildGoTool, findGo, hashOfTools, OLDEST_GO } from "./go-tool.mjs";

const CLI = "tofu";
const TOOL = "opentofu";
const MODULE = "github.com/opentofu/opentofu";

/** Resolves to the path of `tofu`. A Problem says what to install where there is none and no Go to build it with. */
export async function ensureOpenTofu(steps) {
  let program = findProgram(CLI);
  await steps.run("OpenTofu", async ({ say, announce }) => {
    if (program !== undefined) return { ready: `the machine's own: ${program}` };
    const version = pinnedVersion();
    const name = cacheName();
    const wasCached = isCached(name);
    const go = wasCached ? undefined : await requireGo(version);
    const folder = await cachedFolder(
      name,
      async (temporary) => {
        announce(`building ${version} with Go, once: about 4 minutes on 2 cores`);
        await buildOpenTofu(go, { folder: temporary, say });
      },
      say,
    );
    program = join(folder, CLI);
    return wasCached ? { ready: `${version}, built earlier` } : `built ${version}`;
  });
  return program;
}

/** The folder of an OpenTofu that was built earlier, where the machine has none of its own; never builds one. */
export function builtOpenTofuFolder() {
  return findProgram(CLI) === undefined && isCached(cacheName()) ? cacheEntry(cacheName()) : undefined;
}

function cacheName() {
  return `${TOOL}-${pinnedVersion()}-${hashOfTools(TOOL)}`;
}

async function requireGo(version) {
  const go = await findGo();
  if (go !== undefined) return go;
  throw new Problem(
    `There is neither OpenTofu nor Go ${OLDEST_GO} to build it with`,
    [
      "Either install OpenTofu (https://opentofu.org/docs/intro/install/) so that `tofu` is on PATH,",
      `or install Go ${OLDEST_GO} or newer (https://go.dev/dl/): OpenTofu ${version} is then built once, in about 4 minutes.`,
      "Then run this again.",
    ].join("\n"),
  );
}

// `version.dev` is what OpenTofu's own releases set: without it the program calls itself a development version.
function buildOpenTofu(go, { folder, say }) {
  return buildGoTool(go, {
    tool: TOOL,
    from: `${MODULE}/cmd/${CLI}`,
    to: join(folder, CLI),
    ldflags: `-s -w -X ${MODULE}/version.dev=no`,
    say,
  });
}

function pinnedVersion() {
  const goMod = readFileSync(join(ROOT, "tools", TOOL, "go.mod"), "utf8");
  return new RegExp(`${MODULE} v(\\S+)`).exec(goMod)[1];
}
