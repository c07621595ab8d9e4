// The `leea` command: finds the subcommand, runs it, prints errors. It decides nothing.

import { closeIdleHosts } from "../controller/host-pool";
import { describeError, isLeeaError } from "../model/errors";
import { nearestName } from "../model/inputs/nearest-name";
import { productVersion } from "../protocol/version";
import { benchCommand } from "./bench/bench-command";
import { consoleCommand } from "./console/console-command";
import { gpusCommand } from "./gpus/gpus-command";
import { labCommand } from "./lab/lab-command";
import { logsCommand } from "./logs/logs-command";
import { cancelCommand } from "./move/cancel-command";
import { moveCommand } from "./move/move-command";
import { statusCommand } from "./status/status-command";
import { pulumiCommand } from "./story/pulumi-command";
import { storyCommand } from "./story/story-command";
import { whyCommand } from "./why/why-command";
import { allCommands, type CommandName } from "./words/all-commands";
import type { CommandWords } from "./words/command-words";
import { exitCodes, exitStatusOf } from "./words/exit-codes";
import { helpOf, helpOfAll } from "./words/help-text";
import { type ParsedWords, parseWords } from "./words/parse-words";

/** What runs behind a name: with its words parsed, or, where it reads them itself, as they are. Gives the exit status. */
type Run =
  | { readonly parsed: (words: ParsedWords) => Promise<number> }
  | { readonly raw: (argv: readonly string[]) => Promise<number> };

const runs: Readonly<Record<CommandName, Run>> = {
  status: { parsed: statusCommand },
  move: { parsed: moveCommand },
  cancel: { parsed: cancelCommand },
  why: { parsed: whyCommand },
  gpus: { parsed: gpusCommand },
  console: { parsed: consoleCommand },
  logs: { parsed: logsCommand },
  lab: { raw: labCommand },
  story: { raw: storyCommand },
  bench: { raw: benchCommand },
  pulumi: { raw: pulumiCommand },
};

async function main([name = "", ...argv]: readonly string[]): Promise<number> {
  if (name === "--version") return print(productVersion);
  if (name === "--help" || name === "-h") return print(helpOfAll());
  if (name === "help") return help(argv[0]);
  if (!isCommand(name)) return refuse(name);
  const run = runs[name];
  if ("raw" in run) return run.raw(argv);
  const parsed = parseWords(allCommands[name], argv);
  return parsed.wantsHelp ? help(name) : run.parsed(parsed);
}

function help(name: string | undefined): Promise<number> | number {
  if (name === undefined) return print(helpOfAll());
  if (!isCommand(name)) return refuse(name);
  const run = runs[name];
  return "raw" in run ? run.raw(["--help"]) : print(helpOf(allCommands[name] as CommandWords));
}

function refuse(name: string): number {
  const near = nearestName(name, Object.keys(allCommands));
  const told = near === undefined ? "" : ` Did you mean "${near}"?`;
  process.stderr.write(`${name === "" ? "" : `There is no command "${name}".${told}\n\n`}${helpOfAll()}\n`);
  return exitCodes.wrongWords;
}

function isCommand(name: string): name is CommandName {
  return Object.hasOwn(allCommands, name);
}

function print(text: string): number {
  process.stdout.write(`${text}\n`);
  return exitCodes.done;
}

function fail(error: unknown, argv: readonly string[]): void {
  const [name = ""] = argv;
  const isOurs = isCommand(name) && "parsed" in runs[name];
  if (isOurs && argv.includes("--json"))
    process.stdout.write(`${JSON.stringify({ error: describeAsJson(error) }, null, 2)}\n`);
  else process.stderr.write(`\n${describeError(error)}\n`);
  process.exitCode = isOurs ? exitStatusOf(error) : exitCodes.failed;
}

function describeAsJson(error: unknown): Readonly<Record<string, unknown>> {
  if (!isLeeaError(error)) return { code: "INTERNAL", message: error instanceof Error ? error.message : String(error) };
  const { code, message, hint, details } = error;
  return { code, message, ...(hint === undefined ? {} : { hint }), ...(details === undefined ? {} : { details }) };
}

const words = process.argv.slice(2);
// A reader that has seen enough (`leea logs web | head`) ends us as it ends any program.
process.stdout.on("error", (error: NodeJS.ErrnoException) =>
  process.exit(error.code === "EPIPE" ? 0 : exitCodes.failed),
);
main(words)
  .then(
    (status) => {
      process.exitCode = status;
    },
    (error: unknown) => fail(error, words),
  )
  .finally(closeIdleHosts);
