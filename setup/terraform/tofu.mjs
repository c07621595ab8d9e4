// `npm run tofu -- <arguments>`: OpenTofu with the provider of this checkout.

import { ensureOpenTofu } from "../needs/opentofu.mjs";
import { runTerraformCli } from "./run-cli.mjs";

/** Runs the verb; resolves to OpenTofu's exit status. */
export async function run(args, steps) {
  return runTerraformCli(await ensureOpenTofu(steps), args, steps);
}
