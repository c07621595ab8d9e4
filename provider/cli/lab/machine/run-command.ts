// Runs one program on this machine and waits for it. Arguments are an array; nothing passes through a shell.

import { spawn } from "node:child_process";
import { LeeaError } from "../../../model/errors";

/** Where the lab's programs are looked for: sbin is missing from many users' PATH. */
export const systemPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** What a program gave back. */
export interface CommandResult {
  readonly status: number;
  readonly output: string;
  readonly errorOutput: string;
}

/** Runs `argv` with `input` on its standard input; any exit status is a value. Throws LAB_FAILED if it cannot start. */
export function tryCommand(argv: readonly string[], input = ""): Promise<CommandResult> {
  const [program = "", ...args] = argv;
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { env: { ...process.env, PATH: systemPath }, stdio: "pipe" });
    const output: Buffer[] = [];
    const errorOutput: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => output.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => errorOutput.push(chunk));
    child.on("error", (cause) =>
      reject(new LeeaError({ code: "LAB_FAILED", message: `Unable to run "${program}" for the lab`, cause })),
    );
    child.on("close", (status) =>
      resolve({
        status: status ?? 1,
        output: Buffer.concat(output).toString("utf8"),
        errorOutput: Buffer.concat(errorOutput).toString("utf8"),
      }),
    );
    // A program that ends without reading its input closes the pipe early; its exit status tells the story.
    child.stdin.on("error", () => undefined);
    child.stdin.end(input);
  });
}

/** Runs `argv` and gives its standard output. Throws LAB_FAILED, with the error output, on any status but 0. */
export async function runCommand(argv: readonly string[], input = ""): Promise<string> {
  const result = await tryCommand(argv, input);
  if (result.status === 0) return result.output;
  throw new LeeaError({
    code: "LAB_FAILED",
    message: `Unable to run "${argv.join(" ")}" for the lab: ${result.errorOutput.trim() || `status ${result.status}`}`,
    hint: "Run `leea lab down` and `leea lab up` to make the lab anew.",
    details: { argv, status: result.status },
  });
}
