// Help for people: of the whole command, and of each of its parts. Pure.

import { allCommands } from "./all-commands";
import { type CommandWords, optionUsage, usageOf } from "./command-words";

const width = 96;

/** `leea help`. */
export function helpOfAll(): string {
  const lines = Object.values(allCommands).map(({ name, summary }) => `  ${name.padEnd(10)}${summary}`);
  return [
    "Usage: leea COMMAND [words]",
    "",
    ...lines,
    "",
    "  leea help COMMAND    what a command does, and its options",
    "  leea --version",
  ].join("\n");
}

/** `leea help NAME`. */
export function helpOf(command: CommandWords): string {
  const rows = [
    ...command.args.map(({ name, doc }) => [name, doc] as const),
    ...command.options.map((option) => [optionUsage(option), option.doc] as const),
  ];
  const column = Math.min(26, Math.max(...rows.map(([term]) => term.length)) + 2);
  return [
    `Usage: leea ${command.name} ${usageOf(command)}`,
    "",
    ...command.about.flatMap((paragraph) => [...wrap(paragraph, width), ""]),
    ...rows.flatMap(([term, doc]) => describeTerm(term, doc, column)),
    "",
    "Examples:",
    ...command.examples.map((line) => `  ${line}`),
  ].join("\n");
}

function describeTerm(term: string, doc: string, column: number): string[] {
  const lines = wrap(doc, width - column - 2);
  const indent = " ".repeat(column + 2);
  if (term.length + 2 > column) return [`  ${term}`, ...lines.map((line) => `${indent}${line}`)];
  return lines.map((line, index) => (index === 0 ? `  ${term.padEnd(column)}${line}` : `${indent}${line}`));
}

function wrap(text: string, columns: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > columns) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
