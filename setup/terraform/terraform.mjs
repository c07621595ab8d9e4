// `npm run terraform -- <arguments>`: the machine's own Terraform with the provider of this checkout.

import { requireTerraform } from "../needs/terraform.mjs";
import { runTerraformCli } from "./run-cli.mjs";

/** Runs the verb; resolves to Terraform's exit status. */
export async function run(args, steps) {
  return runTerraformCli(requireTerraform(), args, steps);
}
