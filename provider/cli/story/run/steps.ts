// Tells what happens, one aligned line a step with how long it took, and keeps a log of all that was said.

import { appendFileSync, writeFileSync } from "node:fs";
import { formatDuration } from "./format-duration";

/** Adds a line below the running step. */
export type Note = (text: string) => void;

/** One thing that the story does. `describe` gives the text of its line once it is done. */
export interface Step<T> {
  readonly name: string;
  readonly work: (note: Note) => Promise<T>;
  readonly describe: (value: T) => string;
}

/** Says things to the person who watches. */
export interface Teller {
  readonly step: <T>(step: Step<T>) => Promise<T>;
  readonly print: (text: string) => void;
  /** Only into the log. */
  readonly log: (text: string) => void;
}

const nameWidth = 16;
const textWidth = 66;

/** A teller that writes to `out`, and to a log file that it begins anew. */
export function createTeller(logFile: string, out: NodeJS.WritableStream = process.stdout): Teller {
  writeFileSync(logFile, "");
  const log = (text: string): void => appendFileSync(logFile, `${new Date().toISOString()} ${text}\n`);
  const print = (text: string): void => {
    log(text);
    out.write(`${text}\n`);
  };
  const line = (name: string, text: string, time = ""): void =>
    print(`  ${name.padEnd(nameWidth)}  ${text.padEnd(textWidth)}  ${time}`.trimEnd());
  const step: Teller["step"] = async ({ name, work, describe }) => {
    const startedAtMs = performance.now();
    const elapsed = (): string => formatDuration(performance.now() - startedAtMs);
    try {
      const value = await work((note) => line("", `· ${note}`));
      line(name, describe(value), elapsed());
      return value;
    } catch (error) {
      line(name, "failed", elapsed());
      throw error;
    }
  };
  return { step, print, log };
}
