// Python and Go for CDK Terrain, by jsii from the same generated TypeScript. Only when asked for: it takes a jsii compiler
// run, and nothing else in this checkout needs it.

import { rmSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../paths.mjs";
import { runOrFail } from "../run-command.mjs";
import { generateSources, generatorEnvironment } from "./bindings.mjs";

const PROGRAM = join(ROOT, "setup", "cdk", "generate-languages.mjs");

/** Where the verb writes them. */
const OUT = join(ROOT, "dist", "cdktn");

/** Writes the packages as sources below `out`, in python and go, and nothing else there; resolves to `out`. */
export async function buildLanguages(out = OUT) {
  const sources = await generateSources("cdktn");
  rmSync(out, { recursive: true, force: true });
  await runOrFail("node", [PROGRAM, sources, out], {
    cwd: ROOT,
    env: generatorEnvironment(),
    problem: "jsii could not make the Python and Go bindings",
  });
  return out;
}
