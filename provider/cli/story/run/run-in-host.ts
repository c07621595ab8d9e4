// Runs the story's client programs in the network of a lab host, and nowhere else of it: a host has its own /tmp and
// /root, and the checkout that holds the programs may lie there.

import { spawn } from "node:child_process";
import { LeeaError } from "../../../model/errors";
import { findHost, hostProcess, type Lab } from "../../lab/lab-record";
import { systemPath } from "../../lab/machine/run-command";
import type { RunIn } from "../guest-client";
import type { Checkout } from "./checkout";
import { storyMark } from "./earlier-run";

/** Starts programs in the network of `host`, standard streams piped (nsenter(1)). Throws NOT_ALLOWED_NOW when it is off. */
export function runInHost(checkout: Checkout, lab: Lab, host: string): RunIn {
  const first = hostProcess(findHost(lab, host));
  if (first === undefined) {
    throw new LeeaError({
      code: "NOT_ALLOWED_NOW",
      message: `Unable to watch from host "${host}" of lab "${lab.name}": its power is off`,
      hint: `Run \`leea lab boot ${host}\`.`,
    });
  }
  return (argv) => {
    const child = spawn("nsenter", [`--net=/proc/${first.pid}/ns/net`, "--", ...argv], {
      stdio: "pipe",
      env: { ...process.env, PATH: systemPath, [storyMark]: checkout.root },
    });
    // A client that ends early closes its input; its exit status tells the story.
    child.stdin.on("error", () => undefined);
    return child;
  };
}
