// Starts and ends the first process of a set of namespaces (a host, or a network segment of the lab).
// Until it has been told to go on, such a process ends by itself when its starter dies, so a crash leaves no orphans.

import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { setTimeout as delay } from "node:timers/promises";
import { LeeaError } from "../../../model/errors";
import { identifyProcess, isAlive, type ProcessIdentity } from "./process-identity";
import { systemPath } from "./run-command";

const startTimeoutMs = 20_000;
const endTimeoutMs = 15_000;

/** A first process that waits for its network. `goOn` lets it finish its boot and resolves when it is ready. */
export interface WaitingProcess {
  readonly identity: ProcessIdentity;
  goOn(): Promise<void>;
  abandon(): Promise<void>;
}

/** Runs `argv` detached from this process, up to where it reports its number. Throws LAB_FAILED with its last words. */
export async function startFirstProcess(what: string, argv: readonly string[]): Promise<WaitingProcess> {
  const [program = "", ...args] = argv;
  const child = spawn(program, args, {
    detached: true,
    cwd: "/",
    env: { PATH: systemPath, LANG: "C.UTF-8" },
    stdio: "pipe",
  });
  const words = listenToBoot(what, child);
  const pid = Number((await words.next("pid ")).trim());
  const identity = identifyProcess(pid);
  if (identity === undefined) throw words.failure("it ended at once");
  return {
    identity,
    goOn: async () => {
      child.stdin.write("go\n");
      await words.next("ready");
      letGo(child);
    },
    abandon: async () => {
      letGo(child);
      await endProcess(identity);
    },
  };
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

/** Splits the child's output into the lines of its boot protocol: `pid N`, then `ready`. */
function listenToBoot(what: string, child: ChildProcessWithoutNullStreams) {
  let output = "";
  let errorOutput = "";
  let ended = false;
  const waiters = new Set<() => void>();
  const wake = () => {
    for (const waiter of waiters) waiter();
  };
  child.stdout.on("data", (chunk: Buffer) => {
    output += chunk.toString("utf8");
    wake();
  });
  child.stderr.on("data", (chunk: Buffer) => {
    errorOutput = (errorOutput + chunk.toString("utf8")).slice(-4000);
  });
  child.on("error", (error) => {
    errorOutput += error.message;
    ended = true;
    wake();
  });
  child.on("close", () => {
    ended = true;
    wake();
  });
  // The pipe breaks when the child dies early; `close` reports that.
  child.stdin.on("error", () => undefined);

  const failure = (why: string) =>
    new LeeaError({
      code: "LAB_FAILED",
      message: `Unable to start ${what}: ${why}${errorOutput === "" ? "" : `\n${errorOutput.trim()}`}`,
      hint: "Look at the last lines above; `leea lab up` tries again.",
    });
  const next = (prefix: string) =>
    new Promise<string>((resolve, reject) => {
      const timer = setTimeout(() => settle(() => reject(failure(`no "${prefix.trim()}" in time`))), startTimeoutMs);
      const settle = (finish: () => void) => {
        clearTimeout(timer);
        waiters.delete(look);
        finish();
      };
      const look = () => {
        const line = output.split("\n").find((text) => text.startsWith(prefix));
        if (line !== undefined && output.includes(`${line}\n`)) settle(() => resolve(line.slice(prefix.length)));
        else if (ended) settle(() => reject(failure("it ended")));
      };
      waiters.add(look);
      look();
    });
  return { next, failure };
}

/** Lets this process end while the child runs on. */
function letGo(child: ChildProcessWithoutNullStreams): void {
  child.stdin.destroy();
  child.stdout.destroy();
  child.stderr.destroy();
  child.unref();
}
