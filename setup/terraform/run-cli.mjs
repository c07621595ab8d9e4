// Terraform or OpenTofu in the caller's folder, told to take leea's provider from this checkout and all others from where
// they come from. The person's own CLI configuration is not read: the two cannot be joined.

import { join } from "node:path";
import { ensureBundles } from "../bundles.mjs";
import { environmentWith } from "../environment.mjs";
import { putFile } from "../files/placed-files.mjs";
import { ensureGuest } from "../needs/guest.mjs";
import { builtWireguardGo } from "../needs/wireguard-go.mjs";
import { ADDRESSES } from "../package/layout.mjs";
import { ensureMirror } from "../package/mirror.mjs";
import { PACKAGES } from "../package/package-provider.mjs";
import { Interrupted } from "../problem.mjs";
import { runAttached } from "../run-command.mjs";
import { acceptPackage, workingFolder } from "./lock-file.mjs";

/** Runs the program with the provider's mirror made; resolves to its exit status. */
export async function runTerraformCli(program, args, steps) {
  await ensureBundles(steps);
  const guest = await guestForExamples(steps);
  const configuration = join(PACKAGES, "cli.tfrc");
  const { mirror, ...provider } = await ensureMirror(steps);
  putFile(PACKAGES, configuration, cliConfiguration(mirror));
  const cwd = process.env.INIT_CWD ?? process.cwd();
  const folder = workingFolder(args, cwd);
  if (acceptPackage(folder, provider)) console.error(`  ${folder}: its lock file has this build's hash of leea now`);
  return runAttached(program, args, { cwd, env: cliEnvironment(configuration, guest) });
}

/** What a CLI is told by environment. `guest` is {kernel, initrd}, or undefined where there is none. */
export function cliEnvironment(configuration, guest) {
  // A host whose kernel has no WireGuard is sent the one that the lab was made with: there is nowhere else to get it from.
  const wireguardGo = builtWireguardGo();
  return {
    // What examples/terraform asks for, unless the person says it; a configuration without such variables does not see them.
    ...(guest === undefined ? {} : { TF_VAR_kernel: guest.kernel, TF_VAR_initrd: guest.initrd }),
    ...environmentWith({ guest, wireguardGo }),
    TF_CLI_CONFIG_FILE: configuration,
    CHECKPOINT_DISABLE: "1",
  };
}

// The examples boot it; who has a kernel of his own needs none, and it cannot be built everywhere.
async function guestForExamples(steps) {
  try {
    return await ensureGuest(steps);
  } catch (error) {
    if (error instanceof Interrupted) throw error;
    console.error(`  no test guest for the examples (${error.message}); give them a kernel and an initrd of your own`);
    return undefined;
  }
}

/** What a CLI configuration file says to have leea from a mirror; the form of both CLIs. */
export function cliConfiguration(mirror) {
  const addresses = JSON.stringify(ADDRESSES);
  return [
    "provider_installation {",
    "  filesystem_mirror {",
    `    path    = ${JSON.stringify(mirror)}`,
    `    include = ${addresses}`,
    "  }",
    "  direct {",
    `    exclude = ${addresses}`,
    "  }",
    "}",
    "",
  ].join("\n");
}
