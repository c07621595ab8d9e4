// The floor of the agent: a bare Node server on a unix socket of a host, which does nothing but answer.

import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { LeeaError } from "../../../model/errors";
import type { Bench } from "./bench";
import { pathIn, type World } from "./world";

const program = `require("node:http").createServer((_, answer) => answer.end("{}")).listen(process.argv[1])`;
const startDeadlineMs = 10_000;
const pageBytes = 4096;

/** A running bare server. `socket`: its path on the host. */
export interface BareServer {
  readonly pid: number;
  readonly socket: string;
  /** From the start of the process to a socket that listens. */
  readonly startMs: number;
}

/** Starts it; ends with the bench's group. */
export async function startBareServer(bench: Bench, world: World, host: string, name = "bare"): Promise<BareServer> {
  const socket = `/run/leea-bench-${name}.sock`;
  const path = pathIn(world, host, socket);
  const startedAtMs = performance.now();
  const child: ChildProcess = spawn(process.execPath, ["-e", program, path], { stdio: "ignore" });
  bench.onEnd(() => void child.kill("SIGKILL"));
  while (!existsSync(path)) {
    if (performance.now() - startedAtMs > startDeadlineMs || child.pid === undefined)
      throw new LeeaError({ code: "TIMED_OUT", message: "the bare server did not start" });
    await wait(2);
  }
  return { pid: child.pid ?? 0, socket, startMs: performance.now() - startedAtMs };
}

/** Resident memory of a process of this machine, in bytes (proc(5), statm). */
export function readRssBytes(pid: number): number {
  return Number(readFileSync(`/proc/${pid}/statm`, "utf8").split(" ")[1]) * pageBytes;
}
