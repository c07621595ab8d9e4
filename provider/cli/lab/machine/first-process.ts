// Starts and ends the first process of a set of namespaces (a host, or a network segment of the lab).
// Until it has been told to go on, such a process ends by itself when its starter dies, so a crash leaves no orphans.

import { type ChildProcessByStdio, spawn } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import { LeeaError } from "../../../model/errors";
import { identifyProcess, isAlive, type ProcessIdentity } from "./process-identity";
import { systemPath } from "./run-command";

const startTimeoutMs = 20_000;
const endTimeoutMs = 60_000;

/** What to start: `argv`, with its errors written to `logFile`; `what` names it in messages. */
export interface FirstProcessOptions {
  readonly what: string;
  readonly argv: readonly string[];
  readonly logFile: string;
}

/** A first process that waits for its network. `goOn` lets it finish its boot and resolves when it is ready; `abandon`
 *  ends it instead. */
export interface WaitingProcess {
  readonly identity: ProcessIdentity;
  goOn(): Promise<void>;
  abandon(): Promise<void>;
}

/** Starts it detached from this process, up to where it reports its number. Throws LAB_FAILED with its last words. */
export async function startFirstProcess(options: FirstProcessOptions): Promise<WaitingProcess> {
  const child = spawnDetached(options);
  const waitForLine = listenToLines(child.stdout, options);
  const letGo = () => {
    child.stdin.destroy();
    child.stdout.destroy();
    child.unref();
  };
  try {
    const pid = Number(await waitForLine("pid "));
    const identity = identifyProcess(pid);
    if (identity === undefined) throw startFailure(options, "it ended at once");
    const goOn = async () => {
      child.stdin.write("go\n");
      await waitForLine("ready");
      letGo();
    };
    const abandon = async () => {
      letGo();
      await endProcess(identity);
    };
    return { identity, goOn, abandon };
  } catch (error) {
    letGo();
    child.kill("SIGKILL");
    throw error;
  }
}

/** Kills the process, and so everything in its namespaces, and waits until it is gone. Gone already is fine. */
export async function endProcess(identity: ProcessIdentity): Promise<void> {
  const deadline = Date.now() + endTimeoutMs;
  while (isAlive(identity)) {
    if (Date.now() > deadline) {
      throw new LeeaError({
        code: "LAB_FAILED",
        message: `Unable to end the lab's process ${identity.pid}: it still runs ${endTimeoutMs / 1000} s after SIGKILL`,
        hint: "Something in it waits for the kernel; look at its children with `ps -o pid,stat,wchan,args`.",
      });
    }
    killQuietly(identity.pid);
    await delay(5);
  }
}

function killQuietly(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It ended between the look and the signal; the caller looks again.
  }
}

function spawnDetached({ argv, logFile }: FirstProcessOptions): ChildProcessByStdio<Writable, Readable, null> {
  const [program = "", ...args] = argv;
  const log = openSync(logFile, "w");
  try {
    const child = spawn(program, args, {
      detached: true,
      cwd: "/",
      env: { PATH: systemPath, LANG: "C.UTF-8" },
      stdio: ["pipe", "pipe", log],
    }) as ChildProcessByStdio<Writable, Readable, null>;
    // Its early end closes both pipes; the missing line is what tells.
    child.on("error", () => undefined);
    child.stdin.on("error", () => undefined);
    return child;
  } finally {
    closeSync(log);
  }
}

/** Gives a function that waits for the next line with a prefix and gives the rest of that line. */
function listenToLines(stream: Readable, options: FirstProcessOptions): (prefix: string) => Promise<string> {
  const lines = createInterface({ input: stream })[Symbol.asyncIterator]();
  return async (prefix) => {
    const timer = setTimeout(() => stream.destroy(), startTimeoutMs);
    try {
      for (;;) {
        const line = await lines.next();
        if (line.done) throw startFailure(options, `it never said "${prefix.trim()}"`);
        if (line.value.startsWith(prefix)) return line.value.slice(prefix.length);
      }
    } finally {
      clearTimeout(timer);
    }
  };
}

function startFailure({ what, logFile }: FirstProcessOptions, why: string): LeeaError {
  const lastWords = readFileSync(logFile, "utf8").trim().slice(-2000);
  return new LeeaError({
    code: "LAB_FAILED",
    message: `Unable to start ${what}: ${why}${lastWords === "" ? "" : `\n${lastWords}`}`,
    hint: "`leea lab up` tries again; `leea lab down` removes what there is.",
    details: { logFile },
  });
}
