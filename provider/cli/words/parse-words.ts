// A command's words, read strictly: what it does not know is an error that names the nearest word it does. Pure.

import { LeeaError } from "../../model/errors";
import { nearestName } from "../../model/inputs/nearest-name";
import { type CommandWords, type OptionWords, usageOf } from "./command-words";

/** What was written. `values` holds each option's values in order, `switches` those that stand there. */
export interface ParsedWords {
  readonly args: readonly string[];
  readonly values: Readonly<Record<string, readonly string[]>>;
  readonly switches: ReadonlySet<string>;
  readonly wantsHelp: boolean;
}

/** Reads the words behind a command's name. INPUT_INVALID with every mistake. */
export function parseWords(command: CommandWords, words: readonly string[]): ParsedWords {
  const reader = new WordReader(command);
  const result = reader.read(words);
  if (result.wantsHelp) return result;
  const problems = [...reader.problems, ...countProblems(command, result.args)];
  if (problems.length === 0) return result;
  throw new LeeaError({
    code: "INPUT_INVALID",
    message: problems.join("\n"),
    hint: `leea ${command.name} ${usageOf(command)}; see \`leea help ${command.name}\`. Nothing was done.`,
    details: { problems },
  });
}

/** The one value of an option that stands at most once. */
export function valueOf(parsed: ParsedWords, name: string): string | undefined {
  return parsed.values[name]?.at(-1);
}

/** The whole number of an option, or `absent` where it does not stand there. INPUT_INVALID for anything else. */
export function countOf(parsed: ParsedWords, name: string, absent: number): number {
  const text = valueOf(parsed, name);
  if (text === undefined) return absent;
  if (/^\d{1,7}$/.test(text)) return Number(text);
  throw new LeeaError({
    code: "INPUT_INVALID",
    message: `--${name}: "${text}" is not a whole number`,
    hint: `Write for example --${name} ${absent}.`,
  });
}

class WordReader {
  readonly problems: string[] = [];
  readonly #command: CommandWords;
  readonly #args: string[] = [];
  readonly #values: Record<string, string[]> = {};
  readonly #switches = new Set<string>();
  #wantsHelp = false;

  constructor(command: CommandWords) {
    this.#command = command;
  }

  read(words: readonly string[]): ParsedWords {
    const rest = [...words];
    for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
      if (word === "--") this.#args.push(...rest.splice(0));
      else if (word === "--help" || word === "-h") this.#wantsHelp = true;
      else if (word.startsWith("-") && word !== "-") this.#readOption(word, rest);
      else this.#args.push(word);
    }
    return { args: this.#args, values: this.#values, switches: this.#switches, wantsHelp: this.#wantsHelp };
  }

  #readOption(word: string, rest: string[]): void {
    const [written = "", ...parts] = word.split("=");
    const name = written.replace(/^--?/, "");
    const option = this.#command.options.find((each) => written.startsWith("--") && each.name === name);
    if (option === undefined) return this.#refuseUnknown(written, name);
    const given = parts.length > 0 ? parts.join("=") : undefined;
    if (option.value === undefined) return this.#takeSwitch(option, given);
    const value = given ?? rest.shift();
    if (value === undefined || (given === undefined && value.startsWith("--")))
      this.problems.push(`--${name} needs a value: ${option.value}`);
    else this.#takeValue(option, value);
  }

  #takeSwitch(option: OptionWords, given: string | undefined): void {
    if (given === undefined) this.#switches.add(option.name);
    else this.problems.push(`--${option.name} takes no value`);
  }

  #takeValue(option: OptionWords, value: string): void {
    const values = (this.#values[option.name] ??= []);
    if (values.length > 0 && option.repeats !== true) this.problems.push(`--${option.name} stands twice`);
    values.push(value);
  }

  #refuseUnknown(written: string, name: string): void {
    const near = nearestName(name, [...this.#command.options.map((option) => option.name), "help"]);
    this.problems.push(`unknown option ${written}${near === undefined ? "" : `; did you mean --${near}?`}`);
  }
}

function countProblems(command: CommandWords, args: readonly string[]): string[] {
  const missing = command.args.slice(args.length).map(({ name, doc }) => `${name} is missing: ${doc}`);
  const extra = args.slice(command.args.length).map((word) => `"${word}" is one word too many`);
  return [...missing, ...extra];
}
