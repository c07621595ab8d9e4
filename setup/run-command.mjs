// The only place in setup/ that starts processes. Arguments are lists: no shell ever reads them.

import { spawn } from "node:child_process";
import { constants } from "node:os";
import { Interrupted, Problem } from "./problem.mjs";

const TAIL_LINES = 30;
const PATIENCE_MS = 1000;
/** Running child to how it is asked to end: {onCtrlC, onTerm}, names of signals. */
const children = new Map();
let interruptedBy;

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
  process.on(signal, () => {
    // A second one means it: leave at once. The first lets what is running end, so that clean-up code runs.
    if (interruptedBy !== undefined || children.size === 0) process.exit(128 + constants.signals[signal]);
    interruptedBy = signal;
    if (signal === "SIGINT") setTimeout(() => endChildren("onCtrlC"), PATIENCE_MS);
    else endChildren("onTerm");
  });
}

function endChildren(which) {
  for (const [child, ways] of children) if (ways[which] !== undefined) child.kill(ways[which]);
}

/** Runs with this terminal's own input and output; it hears Ctrl-C itself. Resolves to the exit status; 128 + number after a signal. */
export async function runAttached(command, args, options = {}) {
  const child = spawn(command, args, { stdio: "inherit", ...options });
  return (await ended(child, { onTerm: "SIGTERM" })).status;
}

/**
 * Runs and keeps stdout and stderr together. `onLine` sees every line as it comes;
 * `endBy` is the signal that ends it when this run is interrupted.
 * Resolves to {status, output}; a command that does not exist has status 127.
 */
export async function runCaptured(command, args, { onLine, endBy = "SIGTERM", ...options } = {}) {
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"], ...options });
  let output = "";
  const take = (chunk) => {
    output += chunk;
    if (onLine) for (const line of chunk.split(/[\r\n]+/)) if (line.trim() !== "") onLine(line.trim());
  };
  child.stdout?.setEncoding("utf8").on("data", take);
  child.stderr?.setEncoding("utf8").on("data", take);
  const { status, missing } = await ended(child, { onCtrlC: endBy, onTerm: endBy });
  if (interruptedBy !== undefined) throw new Interrupted(interruptedBy);
  return { status, output: missing ? `${command}: not found` : output };
}

/** Like runCaptured, but a status other than 0 is a Problem that carries the end of the output. */
export async function runOrFail(command, args, { problem, hint, ...options } = {}) {
  const { status, output } = await runCaptured(command, args, options);
  if (status === 0) return output;
  throw new Problem(problem ?? `"${command} ${args.join(" ")}" ended with status ${status}`, hint, tailOf(output));
}

/** The last lines of an output: what a person needs to see of a failed tool. */
export function tailOf(output) {
  return output.trimEnd().split("\n").slice(-TAIL_LINES).join("\n");
}

function ended(child, ways) {
  children.set(child, ways);
  return new Promise((resolve) => {
    child.once("error", () => resolve({ status: 127, missing: true }));
    child.once("close", (status, signal) => resolve({ status: status ?? 128 + constants.signals[signal] }));
  }).finally(() => children.delete(child));
}
