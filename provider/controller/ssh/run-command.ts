// A command on the host to its end: exit code and output. The command line is ours alone; what varies goes in as
// quoted words or over standard input.

import type { Readable } from "node:stream";
import { LeeaError } from "../../model/errors";
import type { SshConnection } from "./ssh-connection";

/** How a command ended. `exitCode` is undefined when a signal or a lost connection ended it. */
export interface CommandResult {
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** What a command is given: its standard input, and how long it may take. */
export interface CommandOptions {
  readonly stdin?: Readable | string;
  readonly timeoutMs: number;
}

const outputLimit = 256 * 1024;

/** Runs a command line. TIMED_OUT after the deadline; a failing command is a result, not an error. */
export async function runCommand(
  connection: SshConnection,
  commandLine: string,
  options: CommandOptions,
): Promise<CommandResult> {
  let exitCode: number | undefined;
  const channel = await connection.openCommand(commandLine, (code) => void (exitCode = code ?? undefined));
  return new Promise((resolve, reject) => {
    const output = { stdout: "", stderr: "" };
    const timer = setTimeout(() => {
      channel.destroy();
      reject(
        new LeeaError({
          code: "TIMED_OUT",
          message: `Unable to finish a command on host "${connection.label}": no end within ${options.timeoutMs / 1000} s`,
          hint: "Look at the host's load and storage, then run again.",
        }),
      );
    }, options.timeoutMs);
    channel.on("data", (chunk: Buffer) => void (output.stdout = append(output.stdout, chunk)));
    channel.stderr.on("data", (chunk: Buffer) => void (output.stderr = append(output.stderr, chunk)));
    channel.on("error", () => undefined); // writing to a command that has ended: its exit code says more
    channel.on("close", () => {
      clearTimeout(timer);
      resolve({ exitCode, ...output });
    });
    if (typeof options.stdin === "object") options.stdin.on("error", () => channel.destroy()).pipe(channel);
    else channel.end(options.stdin ?? "");
  });
}

function append(text: string, chunk: Buffer): string {
  return text.length > outputLimit ? text : text + chunk.toString("utf8");
}
