// `leea pulumi ARGS`: the real Pulumi CLI on the stack that the story made, in the checkout's root.

import { spawn } from "node:child_process";
import { constants } from "node:os";
import { LeeaError } from "../../model/errors";
import { workspaceEnvironment } from "./pulumi/workspace";
import { findCheckout } from "./run/checkout";

/** Runs Pulumi with this terminal as its own and gives its exit status. Throws TOOL_MISSING. */
export function pulumiCommand(argv: readonly string[]): Promise<number> {
  const checkout = findCheckout();
  const child = spawn("pulumi", [...argv], {
    cwd: checkout.root,
    env: workspaceEnvironment(checkout),
    stdio: "inherit",
  });
  // Pulumi hears Ctrl-C itself and ends what it has begun; this program only waits for it.
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => signal === "SIGINT" || child.kill(signal));
  }
  return new Promise((resolve, reject) => {
    child.once("error", (cause) => reject(missingPulumi(cause)));
    child.once("close", (status, signal) => resolve(status ?? 128 + constants.signals[signal ?? "SIGTERM"]));
  });
}

function missingPulumi(cause: unknown): LeeaError {
  return new LeeaError({
    code: "TOOL_MISSING",
    message: "Unable to run the Pulumi CLI: there is no `pulumi` on PATH",
    hint: "Use `npm run pulumi -- …`: it makes everything ready first.",
    cause,
  });
}
