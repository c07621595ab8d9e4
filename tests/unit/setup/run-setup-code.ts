// Runs a snippet against setup/'s modules in a Node of its own: they are plain ES modules, which jest does not load.

import { execFile, execFileSync } from "node:child_process";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";

const setupFolder = pathToFileURL(`${resolve(__dirname, "../../../setup")}/`).href;

/**
 * The JSON value that `body` (statements of an async function, ending in `return`) gives. `body` gets the module's
 * exports as `it` and `input` as `input`. Environment variables in `env` are added.
 */
export function runSetupCode(module: string, body: string, input: unknown = {}, env: NodeJS.ProcessEnv = {}): unknown {
  const output = execFileSync(process.execPath, nodeWords(module, body, input), {
    encoding: "utf8",
    env: { ...process.env, ...env },
  });
  return JSON.parse(output);
}

/** The same for several runs side by side. */
export async function startSetupCode(module: string, body: string, input: unknown = {}): Promise<unknown> {
  const { stdout } = await promisify(execFile)(process.execPath, nodeWords(module, body, input));
  return JSON.parse(stdout);
}

function nodeWords(module: string, body: string, input: unknown): string[] {
  const script = `
    const it = await import(${JSON.stringify(setupFolder + module)});
    const input = ${JSON.stringify(input)};
    const value = await (async () => { ${body} })();
    console.log(JSON.stringify(value ?? null));
    process.exit(0);`;
  return ["--input-type=module", "--eval", script];
}
