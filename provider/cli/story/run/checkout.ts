// Where the story keeps its things: all of it in .leea/ of the checkout that this program was built in.

import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { LeeaError } from "../../../model/errors";

/** Absolute paths. `root` is the checkout; everything else is below its .leea folder and may be deleted between runs. */
export interface Checkout {
  readonly root: string;
  readonly folder: string;
  /** Everything that the tools said. */
  readonly logFile: string;
  readonly storyFile: string;
  /** Identity of the running story. */
  readonly runFile: string;
}

/** The checkout around this program, with its .leea folder made. Throws TOOL_MISSING outside of one. */
export function findCheckout(start: string = __dirname): Checkout {
  for (let folder = start; folder !== dirname(folder); folder = dirname(folder)) {
    if (isCheckout(folder)) return describeCheckout(folder);
  }
  throw new LeeaError({
    code: "TOOL_MISSING",
    message: "Unable to tell the story: this program does not lie in a checkout of leea",
    hint: "Run `npm start` in a checkout.",
  });
}

function isCheckout(folder: string): boolean {
  const file = join(folder, "package.json");
  return existsSync(file) && /"name"\s*:\s*"leea-workspace"/.test(readFileSync(file, "utf8"));
}

function describeCheckout(root: string): Checkout {
  const folder = join(root, ".leea");
  mkdirSync(folder, { recursive: true });
  return {
    root,
    folder,
    logFile: join(folder, "story.log"),
    storyFile: join(folder, "story.json"),
    runFile: join(folder, "run.json"),
  };
}
