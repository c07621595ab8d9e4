// The Pulumi CLI with its Node.js language host: the machine's own if it has one, else built from pinned Go modules
// into the cache. It never changes the machine's own.

import { copyFileSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { cachedFolder, cacheEntry, isCached } from "../cache.mjs";
import { ROOT } from "../paths.mjs";
import { findProgram, isExecutable } from "../platform.mjs";
import { Problem } from "../problem.mjs";
import { buildGoTool, findGo, hashOfTools, OLDEST_GO } from "./go-tool.mjs";

const CLI = "pulumi";
const LANGUAGE_HOST = "pulumi-language-nodejs";
/** Starts dynamic providers; npm's @pulumi/pulumi ships it. The CLI wants it in its own folder. */
const DYNAMIC_PROVIDER = "pulumi-resource-pulumi-nodejs";
const SDK_MODULE = "github.com/pulumi/pulumi/sdk/v3";

/** Why there will be no Pulumi CLI, known before anything long is begun; else undefined. */
export async function pulumiProblem() {
  if (findOwnPulumi() !== undefined || isCached(cacheName()) || (await findGo()) !== undefined) return undefined;
  return new Problem(
    `There is neither a Pulumi CLI nor Go ${OLDEST_GO} to build one with`,
    [
      "Either install Pulumi (https://www.pulumi.com/docs/install/) so that `pulumi` is on PATH,",
      `or install Go ${OLDEST_GO} or newer (https://go.dev/dl/): Pulumi ${pinnedVersion()} is then built once, in about 5 minutes.`,
      "Then run this again.",
    ].join("\n"),
  );
}

/** Resolves to the folder to put on PATH, or to undefined when the machine's own Pulumi is used. */
export async function ensurePulumiCli(steps) {
  let folder;
  await steps.run("Pulumi CLI", async ({ say, announce }) => {
    const own = findOwnPulumi();
    if (own !== undefined) return { ready: `the machine's own: ${own}` };
    const version = pinnedVersion();
    const wasCached = isCached(cacheName());
    folder = await cachedFolder(
      cacheName(),
      async (temporary) => {
        announce(`building ${version} with Go, once: about 5 minutes on 2 cores`);
        await buildPulumi(await findGo(), { version, folder: temporary, say });
      },
      say,
    );
    return wasCached ? { ready: `${version}, built earlier` } : `built ${version}`;
  });
  return folder;
}

/** The folder of a Pulumi CLI that was built earlier, where the machine has none of its own; never builds one. */
export function builtPulumiFolder() {
  return findOwnPulumi() === undefined && isCached(cacheName()) ? cacheEntry(cacheName()) : undefined;
}

function findOwnPulumi() {
  const own = findProgram(CLI);
  if (own === undefined) return undefined;
  return isExecutable(join(dirname(own), LANGUAGE_HOST)) || findProgram(LANGUAGE_HOST) ? own : undefined;
}

function cacheName() {
  return `pulumi-${pinnedVersion()}-${hashOfTools(CLI, LANGUAGE_HOST)}`;
}

async function buildPulumi(go, { version, folder, say }) {
  const flags = {
    tags: "osusergo,grpcnotrace",
    ldflags: `-s -w -X ${SDK_MODULE}/go/common/version.Version=v${version}`,
  };
  await buildGoTool(go, {
    tool: LANGUAGE_HOST,
    from: `${SDK_MODULE}/nodejs/cmd/${LANGUAGE_HOST}`,
    to: join(folder, LANGUAGE_HOST),
    ...flags,
    say,
  });
  await buildGoTool(go, {
    tool: CLI,
    from: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
    to: join(folder, CLI),
    ...flags,
    say,
  });
  copyFileSync(join(ROOT, "node_modules", "@pulumi", "pulumi", DYNAMIC_PROVIDER), join(folder, DYNAMIC_PROVIDER));
}

function pinnedVersion() {
  const goMod = readFileSync(join(ROOT, "tools", CLI, "go.mod"), "utf8");
  return /pulumi\/pkg\/v3 v(\S+)/.exec(goMod)[1];
}
