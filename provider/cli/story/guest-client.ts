// Runs the plain-JavaScript client programs (examples/live-migration/client) where the caller says, usually inside the
// network namespace of a lab host. Must never talk to a guest from this process: it stands in another network.
import type { ChildProcess } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { LeeaError } from "../../model/errors";

/** Starts a program at the place to talk from, with its three standard streams piped: `spawn` with a prefix. */
export type RunIn = (argv: readonly string[]) => ChildProcess;

/** What a client program left behind. `status` is null when a signal ended it. */
export interface ClientOutput {
  readonly status: number | null;
  readonly text: string;
  readonly complaint: string;
}

const CLIENT_FOLDER = join("examples", "live-migration", "client");

/** Gives the argv that runs a client program, `name` such as "ask.mjs". Throws TOOL_MISSING outside a checkout. */
export function clientArgv(name: string, args: readonly string[]): readonly string[] {
  for (let folder = __dirname; folder !== dirname(folder); folder = dirname(folder)) {
    const path = join(folder, CLIENT_FOLDER, name);
    if (existsSync(path)) return [process.execPath, path, ...args];
  }
  throw new LeeaError({
    code: "TOOL_MISSING",
    message: `Unable to find the client program ${join(CLIENT_FOLDER, name)}`,
    hint: "run this from a checkout of leea, where the examples lie",
  });
}

/** Collects a child's output until it ends. Throws COMMAND_FAILED when it could not be started. */
export function collectOutput(child: ChildProcess): Promise<ClientOutput> {
  let text = "";
  let complaint = "";
  child.stdout?.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
  child.stderr?.setEncoding("utf8").on("data", (chunk: string) => (complaint += chunk));
  return new Promise((resolve, reject) => {
    child.once("error", (cause) => {
      reject(new LeeaError({ code: "COMMAND_FAILED", message: `Unable to run ${child.spawnfile}`, cause }));
    });
    child.once("close", (status) => resolve({ status, text, complaint: complaint.trim() }));
  });
}
