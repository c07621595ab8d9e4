// What a command is called with, as values: from them the parser, the help texts and docs/cli.md follow. Pure.

/** An option: `--name`, or `--name VALUE` where `value` names what it takes. */
export interface OptionWords {
  readonly name: string;
  /** Placeholder of its value; absent for a switch. */
  readonly value?: string;
  /** True where it may stand more than once. */
  readonly repeats?: boolean;
  readonly doc: string;
}

/** A word of a command that is no option, by its place. */
export interface ArgumentWords {
  readonly name: string;
  readonly doc: string;
}

/** A command. `own`: it reads its words itself, and `leea NAME --help` prints its own text. */
export interface CommandWords {
  readonly name: string;
  readonly summary: string;
  readonly args: readonly ArgumentWords[];
  readonly options: readonly OptionWords[];
  /** What it does, in paragraphs of plain text. */
  readonly about: readonly string[];
  /** Lines that a reader can type. */
  readonly examples: readonly string[];
  /** Its --json output, as a TypeScript type; absent where there is none. */
  readonly json?: string;
  readonly own?: true;
}

/** `VM NODE [options]`, as it stands behind the command's name. */
export function usageOf(command: CommandWords): string {
  if (command.own === true) return "…";
  return [...command.args.map(({ name }) => name), ...(command.options.length > 0 ? ["[options]"] : [])].join(" ");
}

/** `--host HOST`. */
export function optionUsage(option: OptionWords): string {
  return `--${option.name}${option.value === undefined ? "" : ` ${option.value}`}`;
}
