// HashiCorp's Terraform: only the machine's own. Its licence and its releases leave no way to build it here, so where there
// is none, that is said, and OpenTofu does the same work.

import { findProgram } from "../platform.mjs";
import { Problem } from "../problem.mjs";

/** Path of `terraform`; a Problem says how to go on where there is none. */
export function requireTerraform() {
  const program = findProgram("terraform");
  if (program !== undefined) return program;
  throw new Problem(
    "There is no `terraform` on PATH",
    "Install it (https://developer.hashicorp.com/terraform/install), or do the same with OpenTofu: `npm run tofu -- …`",
  );
}
