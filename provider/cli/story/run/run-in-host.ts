// Runs the story's client programs inside a host of the lab: they must talk from that host's network.

import { spawn } from "node:child_process";
import { type Lab, labExecArgv } from "../../lab/lab";
import { systemPath } from "../../lab/machine/run-command";
import type { RunIn } from "../guest-client";

/** Starts programs inside `host`, standard streams piped. */
export function runInHost(lab: Lab, host: string): RunIn {
  return (argv) => {
    const [program = "", ...args] = labExecArgv(lab, host, argv);
    const child = spawn(program, args, { stdio: "pipe", env: { ...process.env, PATH: systemPath } });
    // A client that ends early closes its input; its exit status tells the story.
    child.stdin.on("error", () => undefined);
    return child;
  };
}
