// docs/cli.md from the command table, so that no option can be missing from it. Pure and deterministic.

import { errorCodes } from "../../model/errors";
import { allCommands } from "./all-commands";
import { type CommandWords, optionUsage, usageOf } from "./command-words";
import { exitCodeWords } from "./exit-codes";
import { hostOptions, hostParagraphs } from "./host-words";

/** Every generated file: path relative to the repository, and its text. */
export function generateFiles(): Record<string, string> {
  return { "docs/cli.md": emitCliDocs() };
}

function emitCliDocs(): string {
  const commands: CommandWords[] = Object.values(allCommands);
  const ours = commands.filter((command) => command.own !== true);
  return [
    "<!-- Generated from provider/cli/words by `npm run generate`; do not edit. -->",
    "",
    "# The `leea` command",
    "",
    "`npm run leea -- COMMAND` in a checkout, `leea COMMAND` where the package is installed. `leea help COMMAND` says the",
    "same as this page.",
    "",
    ...list(
      commands.map(
        ({ name, summary, own }) => `${own === true ? `\`${name}\`` : `[\`${name}\`](#${name})`}: ${summary}`,
      ),
    ),
    "",
    "## Finding hosts and VMs",
    "",
    ...hostParagraphs.flatMap((paragraph) => [paragraph, ""]),
    ...list(hostOptions.map((option) => `\`${optionUsage(option)}\`: ${option.doc}`)),
    "",
    ...ours.flatMap(describe),
    "## Exit status",
    "",
    ...list(exitCodeWords.map(([status, words]) => `${status}: ${words}`)),
    "",
    "With `--json` a failure is printed as JSON too: `{ error: { code, message, hint?, details? } }`, with one of these codes:",
    "",
    ...list(Object.entries(errorCodes).map(([code, words]) => `\`${code}\`: ${words}`)),
    "",
  ].join("\n");
}

function describe(command: CommandWords): string[] {
  const options = command.options.filter((option) => !hostOptions.includes(option));
  return [
    `## ${command.name}`,
    "",
    ...code("sh", [`leea ${command.name} ${usageOf(command)}`]),
    ...command.about.flatMap((paragraph) => [paragraph, ""]),
    ...list([
      ...command.args.map(({ name, doc }) => `\`${name}\`: ${doc}`),
      ...options.map((option) => `\`${optionUsage(option)}\`: ${option.doc}`),
      "and the options of [finding hosts](#finding-hosts-and-vms)",
    ]),
    "",
    ...code("sh", command.examples),
    ...(command.json === undefined
      ? []
      : [
          "`--json` prints one object of this shape; fields may be added, none is renamed or removed:",
          "",
          ...code("ts", command.json.trim().split("\n")),
        ]),
  ];
}

function code(language: string, lines: readonly string[]): string[] {
  return [`\`\`\`${language}`, ...lines, "```", ""];
}

function list(items: readonly string[]): string[] {
  return items.map((item) => `- ${item}`);
}
