// The agent's log: one JSON object a line, bounded in size. Never holds a key, a token or a declared secret.

import { appendFileSync, renameSync, statSync } from "node:fs";

/** Levels: error (a person must act), warn (we coped), info (a state changed), debug (a command and its exit). */
export type LogLevel = "error" | "warn" | "info" | "debug";

/** Fields carried by a line; secrets never belong here. */
export type LogFields = Readonly<Record<string, unknown>>;

/** Writes lines; `child` carries fields along. */
export interface Log {
  write(level: LogLevel, event: string, fields?: LogFields): void;
  child(fields: LogFields): Log;
}

const maxLogBytes = 4 * 1024 * 1024;

/**
 * A log in a file. At 4 MiB it becomes FILE.1 and a new one begins: at most 8 MiB are ever kept. A line that finds no room
 * on the disk is lost: what is logged must go on, a guest's resume above all.
 */
export function fileLog(path: string, fields: LogFields = {}): Log {
  return {
    write(level, event, more) {
      const line = JSON.stringify({ at: new Date().toISOString(), level, event, ...fields, ...more });
      try {
        rotate(path);
        appendFileSync(path, `${line}\n`, { mode: 0o600 });
      } catch (error) {
        process.stderr.write(`${line}\nnot in the log: ${String(error)}\n`);
      }
    },
    child: (more) => fileLog(path, { ...fields, ...more }),
  };
}

function rotate(path: string): void {
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  if (size > maxLogBytes) renameSync(path, `${path}.1`);
}

/** A log that keeps nothing. */
export const silentLog: Log = { write: () => undefined, child: () => silentLog };
