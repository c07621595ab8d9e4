// Runs the real Pulumi CLI on the story's stack. It runs in a session of its own, so that Ctrl-C reaches it once, from
// here, and it can end what it has begun.

import { type ChildProcess, spawn } from "node:child_process";
import { setTimeout as wait } from "node:timers/promises";
import { LeeaError } from "../../../model/errors";
import type { Checkout } from "../run/checkout";
import { stoppable } from "../run/interrupt";
import type { Teller } from "../run/steps";
import { readDiagnostics } from "./pulumi-lines";
import { workspaceEnvironment } from "./workspace";

/** Where Pulumi runs, and who is told. */
export interface PulumiRun {
  readonly checkout: Checkout;
  readonly teller: Teller;
}

const patienceMs = [8_000, 4_000] as const;
const diagnosticsLimit = 4_000;

/** Runs `pulumi ARGS` and gives its standard output; `onLine` sees each line of it as it comes. Throws TOOL_MISSING,
 *  and COMMAND_FAILED with Pulumi's own diagnostics. */
export async function runPulumi(
  run: PulumiRun,
  args: readonly string[],
  onLine: (line: string) => void = () => undefined,
): Promise<string> {
  run.teller.log(`$ pulumi ${args.join(" ")}`);
  const child = spawn("pulumi", ["--non-interactive", "--color", "never", ...args], {
    cwd: run.checkout.root,
    env: workspaceEnvironment(run.checkout),
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  const output = { text: "", complaint: "" };
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => (output.text += chunk));
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => (output.complaint += chunk));
  const splitter = splitLines((line) => {
    run.teller.log(line);
    onLine(line);
  });
  child.stdout.on("data", splitter);
  child.stderr.on("data", splitLines(run.teller.log));
  const ended = waitForEnd(child);
  const status = await stoppable(() => stopPulumi(child, ended), ended);
  if (status === 0) return output.text;
  throw pulumiFailure(run, args, output);
}

/** Resolves to the exit status. */
function waitForEnd(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve, reject) => {
    child.once("close", resolve);
    child.once("error", (cause) =>
      reject(
        new LeeaError({
          code: "TOOL_MISSING",
          message: "Unable to run the Pulumi CLI: there is no `pulumi` on PATH",
          hint: "Run `npm start`: it makes everything ready first.",
          cause,
        }),
      ),
    );
  });
}

/** The first SIGINT lets Pulumi end what it has begun, the second makes it leave, the last word is SIGKILL. */
async function stopPulumi(child: ChildProcess, ended: Promise<unknown>): Promise<void> {
  for (const limitMs of patienceMs) {
    child.kill("SIGINT");
    const inTime = await Promise.race([ended.then(() => true), wait(limitMs, false)]);
    if (inTime) return;
  }
  child.kill("SIGKILL");
}

function splitLines(onLine: (line: string) => void): (chunk: string) => void {
  let rest = "";
  return (chunk) => {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) onLine(line);
  };
}

function pulumiFailure(
  run: PulumiRun,
  args: readonly string[],
  output: { text: string; complaint: string },
): LeeaError {
  const said = readDiagnostics(output.text) || `${output.text}\n${output.complaint}`.trim();
  return new LeeaError({
    code: "COMMAND_FAILED",
    message: `\`pulumi ${args.join(" ")}\` failed:\n${said.slice(-diagnosticsLimit)}`,
    hint: `All that it said stands in ${run.checkout.logFile}. The lab is left as it is; \`npm run lab -- down\` ends it.`,
  });
}
