// Keeps the watching client running beside a move and gives its report: pings and two held connections.
import type { ChildProcess } from "node:child_process";
import { LeeaError } from "../../model/errors";
import type { ClientOutput, RunIn } from "./guest-client";
import { clientArgv, collectOutput } from "./guest-client";

/** Echo requests each 10 ms: how many never came back, and the longest silence between two answers (null: no answer). */
export interface PingReport {
  readonly sent: number;
  readonly lost: number;
  readonly longestGapMs: number | null;
  readonly longestGapAtMs: number | null;
}

/** One held connection; `lostCounters` are numbers missing in the peer's rising count of its lines. */
export interface ConnectionReport {
  readonly alive: boolean;
  readonly lines: number;
  readonly lostCounters: number;
  readonly longestGapMs: number;
  readonly longestGapAtMs: number;
}

/** What the client saw. Times are milliseconds; `...AtMs` are times of day. A connection lives when a line came after the stop. */
export interface WatchReport {
  readonly address: string;
  readonly startedAtMs: number;
  readonly durationMs: number;
  readonly pings: PingReport;
  readonly connections: { readonly guestOnly: ConnectionReport; readonly both: ConnectionReport };
  readonly connectionAlive: boolean;
}

/** A running watch. `stop` waits 2 s for late answers, then reports. */
export interface GuestWatch {
  readonly stop: () => Promise<WatchReport>;
}

const READY_LINE = "WATCHING";

/**
 * Starts to watch the guest at `address`; comes back once pings and both connections work.
 * Throws COMMAND_FAILED with the client's own words when one of them does not work within `limitMs`.
 */
export async function startWatch(runIn: RunIn, address: string, limitMs = 15_000): Promise<GuestWatch> {
  const child = runIn(clientArgv("watch.mjs", [address, "-", "--connect-limit-ms", String(limitMs)]));
  const ended = collectOutput(child);
  const early = await Promise.race([ended, waitForLine(child.stdout, limitMs)]);
  if (early === "ready") return { stop: () => stopWatch(child, ended, address) };
  child.stdin?.end();
  throw watchFailure(address, early === "late" ? await ended : early);
}

async function stopWatch(child: ChildProcess, ended: Promise<ClientOutput>, address: string): Promise<WatchReport> {
  child.stdin?.end();
  const output = await ended;
  if (output.status !== 0) throw watchFailure(address, output);
  return JSON.parse(output.text.replace(`${READY_LINE}\n`, "")) as WatchReport;
}

function waitForLine(stream: NodeJS.ReadableStream | null, limitMs: number): Promise<"ready" | "late"> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve("late"), limitMs);
    let text = "";
    stream?.on("data", (chunk: string) => {
      text += chunk;
      if (!text.includes(READY_LINE)) return;
      clearTimeout(timer);
      resolve("ready");
    });
  });
}

function watchFailure(address: string, output: ClientOutput): LeeaError {
  return new LeeaError({
    code: "COMMAND_FAILED",
    message: `Unable to watch the guest at ${address}: ${output.complaint || "no answer to pings or on TCP 7001 and 7002"}`,
    hint: "ping and node must run on the watching host, and the guest must let it in",
    details: { status: output.status },
  });
}
