// Colours, only where a person looks: on a terminal, and never with NO_COLOR (no-color.org).

/** Ways to paint a text. */
export interface Paint {
  readonly good: (text: string) => string;
  readonly warn: (text: string) => string;
  readonly bad: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly bold: (text: string) => string;
}

/** What colours are decided by. */
export interface Surroundings {
  readonly isTerminal: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** The paint for an output. */
export function choosePaint({ isTerminal, env }: Surroundings): Paint {
  const isOn = isTerminal && (env["NO_COLOR"] ?? "") === "" && env["TERM"] !== "dumb";
  const code =
    (start: number, end: number) =>
    (text: string): string =>
      isOn ? `\u001b[${start}m${text}\u001b[${end}m` : text;
  return { good: code(32, 39), warn: code(33, 39), bad: code(31, 39), dim: code(2, 22), bold: code(1, 22) };
}
