// The story's stack for other commands of the checkout: found where `npm start` left it, and never made.

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { storyStack } from "./workspace";

/** How Pulumi is told of the stack of the story in a checkout's root; undefined elsewhere, and where the user has a backend of their own. */
export function storyEnvironment(
  project: string,
): { readonly stack: string; readonly env: Readonly<Record<string, string>> } | undefined {
  const folder = join(project, ".leea");
  const isOurs = existsSync(join(folder, "pulumi")) && existsSync(join(folder, "passphrase"));
  const manifest = join(project, "package.json");
  if (!isOurs || process.env["PULUMI_BACKEND_URL"] !== undefined || !existsSync(manifest)) return undefined;
  if (!/"name"\s*:\s*"leea-workspace"/.test(readFileSync(manifest, "utf8"))) return undefined;
  return {
    stack: storyStack,
    env: {
      PULUMI_HOME: join(folder, "pulumi-home"),
      PULUMI_BACKEND_URL: pathToFileURL(join(folder, "pulumi")).href,
      PULUMI_CONFIG_PASSPHRASE_FILE: join(folder, "passphrase"),
      PULUMI_SKIP_UPDATE_CHECK: "1",
    },
  };
}
