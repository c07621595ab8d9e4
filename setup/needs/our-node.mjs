// Runs the rest of the work on the Node that npm installed, whatever Node the machine has.

import { realpathSync } from "node:fs";
import { delimiter, join } from "node:path";
import { NPM_PROGRAMS } from "../paths.mjs";
import { runAttached } from "../run-command.mjs";

const OUR_NODE = join(NPM_PROGRAMS, "node");

/** True when this process runs on the Node that npm installed. False also when there is none yet. */
export function isOnOurNode() {
  try {
    return realpathSync(OUR_NODE) === realpathSync(process.execPath);
  } catch {
    // Not installed yet.
    return false;
  }
}

/** Runs this very command again on our Node; resolves to its exit status. */
export function rerunOnOurNode() {
  return runAttached(OUR_NODE, process.argv.slice(1));
}

/** Puts npm's programs, our Node among them, first on PATH of this process and of all that it starts. */
export function putNpmProgramsFirst() {
  const others = (process.env.PATH ?? "").split(delimiter).filter((folder) => folder !== NPM_PROGRAMS);
  process.env.PATH = [NPM_PROGRAMS, ...others].join(delimiter);
}
