// The `leea` command: finds the subcommand, runs it, prints errors. It decides nothing.

import { describeError } from "../model/errors";
import { productVersion } from "../protocol/version";
import { benchCommand } from "./bench/bench-command";
import { labCommand } from "./lab/lab-command";
import { pulumiCommand } from "./story/pulumi-command";
import { storyCommand } from "./story/story-command";

interface Command {
  readonly summary: string;
  /** Gives the exit status. */
  readonly run: (argv: readonly string[]) => Promise<number>;
}

const commands: Readonly<Record<string, Command>> = {
  lab: { summary: "Linux hosts on this machine, to try and test on", run: labCommand },
  story: { summary: "the whole story in the lab: hosts, a VM, and its live move", run: storyCommand },
  bench: { summary: "figures of the agent and of live moves, in the lab", run: benchCommand },
  pulumi: { summary: "the Pulumi CLI, on the story's stack", run: pulumiCommand },
};

async function main([name = "", ...argv]: readonly string[]): Promise<number> {
  if (name === "--version") return print(productVersion, 0);
  if (name === "--help" || name === "help") return print(usage(), 0);
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (command !== undefined) return command.run(argv);
  process.stderr.write(`${name === "" ? "" : `There is no command "${name}".\n\n`}${usage()}\n`);
  return 2;
}

function usage(): string {
  const lines = Object.entries(commands).map(([name, { summary }]) => `  ${name.padEnd(10)}${summary}`);
  return `Usage: leea COMMAND\n\n${lines.join("\n")}\n\n  --version, --help`;
}

function print(text: string, status: number): number {
  process.stdout.write(`${text}\n`);
  return status;
}

main(process.argv.slice(2)).then(
  (status) => {
    process.exitCode = status;
  },
  (error: unknown) => {
    process.stderr.write(`\n${describeError(error)}\n`);
    process.exitCode = 1;
  },
);
