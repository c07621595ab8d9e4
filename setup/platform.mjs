// What machine this is: operating system, rights, and what is on PATH. It only looks.

import { accessSync, constants, readFileSync, statSync } from "node:fs";
import { delimiter, join } from "node:path";
import { Problem } from "./problem.mjs";

const OLDEST_NODE = 20;
const SYSTEM_FOLDERS = ["/usr/local/sbin", "/usr/sbin", "/sbin", "/usr/local/bin", "/usr/bin", "/bin"];

/** Why nothing can run here at all, or undefined. */
export function platformProblem() {
  if (Number(process.versions.node.split(".")[0]) < OLDEST_NODE) {
    return new Problem(
      `Node ${process.versions.node} is too old to begin with`,
      `Install Node ${OLDEST_NODE} or newer; the rest, a newer Node included, is set up from there`,
    );
  }
  if (process.platform === "win32") {
    return new Problem("Windows is not a place to work on leea", "Use Linux or macOS, or WSL 2 with Debian 12 or 13");
  }
  return undefined;
}

/** `/etc/os-release` as {id, version, codename}; all empty where there is none (macOS). */
export function readOsRelease(file = "/etc/os-release") {
  let text = "";
  try {
    text = readFileSync(file, "utf8");
  } catch {
    // No such file: not a Linux distribution. The empty answer says so.
  }
  const field = (name) => new RegExp(`^${name}="?([^"\\n]*)"?$`, "m").exec(text)?.[1] ?? "";
  return {
    id: field("ID"),
    version: field("VERSION_ID"),
    codename: field("VERSION_CODENAME"),
    name: field("PRETTY_NAME"),
  };
}

/** True for uid 0. */
export function isRoot() {
  return process.getuid?.() === 0;
}

/** Path of a program on PATH, or in the system's own folders, which some users' PATH lacks. Undefined if none. */
export function findProgram(name, pathValue = process.env.PATH ?? "") {
  return [...pathValue.split(delimiter), ...SYSTEM_FOLDERS].map((folder) => join(folder, name)).find(isExecutable);
}

/** True when the path is a file that this user may run. */
export function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    // Absent or not allowed: both mean that it cannot be run, which is the answer.
    return false;
  }
}
