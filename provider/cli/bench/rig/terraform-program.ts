// Configurations of the bench's own under the real OpenTofu or Terraform: providers are folders that the bench names, so
// that nothing is fetched and nothing of the user's is met.

import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { LeeaError } from "../../../model/errors";
import type { Bench } from "./bench";

/** What a program is made of. `providers`: the folder of each provider, by its address such as `leea/leea`. */
export interface TerraformProgramParts {
  readonly name: string;
  readonly source: string;
  readonly providers: Readonly<Record<string, string>>;
}

/** A configuration in its folder. */
export interface TerraformProgram {
  readonly folder: string;
  /** Runs a command to its end, and gives how many seconds it took; a failure throws with what was said. */
  run(words: readonly string[], watch?: (child: ChildProcess) => void): Promise<number>;
}

/** Which of the two CLIs is on PATH, OpenTofu's first; undefined where none is. */
export function findTerraform(): "tofu" | "terraform" | undefined {
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  const programs = ["tofu", "terraform"] as const;
  return programs.find((program) => folders.some((folder) => existsSync(join(folder, program))));
}

/** Writes it. Its folder is gone with the bench's group. */
export function makeTerraformProgram(
  bench: Bench,
  { name, source, providers }: TerraformProgramParts,
): TerraformProgram {
  const folder = join(bench.checkout.folder, "bench", name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  bench.onEnd(() => rmSync(folder, { recursive: true, force: true }));
  const overrides = Object.entries(providers).map(([address, at]) => `    ${quoted(address)} = ${quoted(at)}\n`);
  const configuration = `provider_installation {\n  dev_overrides {\n${overrides.join("")}  }\n  direct {}\n}\n`;
  writeFileSync(join(folder, "cli.tfrc"), configuration);
  writeFileSync(join(folder, "main.tf"), source);
  return { folder, run: (words, watch) => runTerraform(bench, { folder, words, watch }) };
}

interface TerraformRun {
  readonly folder: string;
  readonly words: readonly string[];
  readonly watch: ((child: ChildProcess) => void) | undefined;
}

async function runTerraform(bench: Bench, { folder, words, watch }: TerraformRun): Promise<number> {
  const program = findTerraform() ?? "terraform";
  const startedAtMs = performance.now();
  const child = spawn(program, [...words, "-input=false", "-no-color"], {
    cwd: folder,
    env: environmentIn(folder),
    stdio: ["ignore", "pipe", "pipe"],
  });
  bench.onEnd(() => void child.kill("SIGKILL"));
  watch?.(child);
  let text = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
  const status = await new Promise<number | null>((resolve, reject) => {
    child.once("close", resolve);
    child.once("error", reject);
  });
  if (status === 0) return (performance.now() - startedAtMs) / 1000;
  const said = text.slice(Math.max(0, text.indexOf("Error:"))).slice(0, 1_000);
  throw new LeeaError({ code: "COMMAND_FAILED", message: `${program} ${words[0]} failed: ${said}` });
}

/** Without what would change a CLI's or the provider's mind: arguments, logs and variables of a person are no part of a plan. */
function environmentIn(folder: string): NodeJS.ProcessEnv {
  const isForeign = (name: string) => /^(TF_|LEEA_AGENT_BUNDLE$|LEEA_CREDENTIALS$)/.test(name);
  const kept = Object.entries(process.env).filter(([name]) => !isForeign(name));
  return { ...Object.fromEntries(kept), TF_CLI_CONFIG_FILE: join(folder, "cli.tfrc"), CHECKPOINT_DISABLE: "1" };
}

const quoted = (word: string): string => JSON.stringify(word);
