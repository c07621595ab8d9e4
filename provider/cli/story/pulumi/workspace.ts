// The story's own Pulumi: state, home and passphrase in .leea/, so that it never meets a user's own stacks.

import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Checkout } from "../run/checkout";
import { storyMark } from "../run/earlier-run";

/** The stack of the story. */
export const storyStack = "lab";

/** Forgets every stack of the story, with the locks and pending operations that a killed run left. */
export function resetWorkspace({ folder }: Checkout): void {
  for (const name of ["pulumi", "pulumi-home", `Pulumi.${storyStack}.yaml`, "passphrase"]) {
    rmSync(join(folder, name), { recursive: true, force: true });
  }
}

/** The environment for the Pulumi CLI; makes the folders and the passphrase where they are missing. */
export function workspaceEnvironment({ root, folder }: Checkout): NodeJS.ProcessEnv {
  const state = join(folder, "pulumi");
  mkdirSync(state, { recursive: true });
  const passphraseFile = join(folder, "passphrase");
  if (!existsSync(passphraseFile)) {
    writeFileSync(passphraseFile, `${randomBytes(24).toString("base64url")}\n`, { mode: 0o600 });
  }
  const environment = { ...process.env };
  // It would come before the file.
  delete environment["PULUMI_CONFIG_PASSPHRASE"];
  return {
    ...environment,
    PULUMI_HOME: join(folder, "pulumi-home"),
    PULUMI_BACKEND_URL: pathToFileURL(state).href,
    PULUMI_CONFIG_PASSPHRASE_FILE: passphraseFile,
    PULUMI_SKIP_UPDATE_CHECK: "1",
    // The types of the example are proven by `npm run check`; proving them again takes most of every preview's time.
    PULUMI_NODEJS_TRANSPILE_ONLY: "true",
    [storyMark]: root,
  };
}
