// Runs a snippet against setup/'s modules in a Node of its own: they are plain ES modules, which jest does not load.

import { execFileSync } from "node:child_process";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

const setupFolder = pathToFileURL(`${resolve(__dirname, "../../../setup")}/`).href;

/**
 * The JSON value that `body` (statements of an async function, ending in `return`) gives. `body` gets the module's
 * exports as `it` and `input` as `input`. Environment variables in `env` are added.
 */
export function runSetupCode(module: string, body: string, input: unknown = {}, env: NodeJS.ProcessEnv = {}): unknown {
  const script = `
    const it = await import(${JSON.stringify(setupFolder + module)});
    const input = ${JSON.stringify(input)};
    const value = await (async () => { ${body} })();
    console.log(JSON.stringify(value ?? null));
    process.exit(0);`;
  const output = execFileSync(process.execPath, ["--input-type=module", "--eval", script], {
    encoding: "utf8",
    env: { ...process.env, ...env },
  });
  return JSON.parse(output);
}
