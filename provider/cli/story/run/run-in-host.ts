// Runs the story's client programs in the network of a lab host, and nowhere else of it: a host has its own /tmp and
// /root, and the checkout that holds the programs may lie there.

import { spawn } from "node:child_process";
import { type Lab, labNetworkArgv } from "../../lab/lab";
import { systemPath } from "../../lab/machine/run-command";
import type { RunIn } from "../guest-client";
import type { Checkout } from "./checkout";
import { storyMark } from "./earlier-run";

/** Starts programs in the network of `host`, standard streams piped (nsenter(1)). Throws NOT_ALLOWED_NOW when it is off. */
export function runInHost(checkout: Checkout, lab: Lab, host: string): RunIn {
  return (argv) => {
    const [program = "", ...args] = labNetworkArgv(lab, host, argv);
    const child = spawn(program, args, {
      stdio: "pipe",
      env: { ...process.env, PATH: systemPath, [storyMark]: checkout.root },
    });
    // A client that ends early closes its input; its exit status tells the story.
    child.stdin.on("error", () => undefined);
    return child;
  };
}
