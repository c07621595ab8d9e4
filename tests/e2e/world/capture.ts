// Looks at traffic as it passes: tcpdump in a namespace of the lab, to a file that is searched when it ends and removed.

import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { createReadStream, rmSync, statSync } from "node:fs";
import { type Lab, labExecArgv } from "../../../provider/cli/lab/lab";
import { waitFor } from "./wait-for";
import type { World } from "./world";

/** What a capture saw. `found` counts the needles by name; `dropped` are packets that tcpdump itself missed. */
export interface Captured {
  readonly bytes: number;
  readonly packets: number;
  readonly dropped: number;
  readonly found: Readonly<Record<string, number>>;
}

/** A running capture. */
export interface Capture {
  /** Ends it, and counts the needles in what it saw. */
  stop(needles?: Readonly<Record<string, Buffer>>): Promise<Captured>;
}

/** Where to capture: a host, "inet" or "lan", an interface there, and a filter as in pcap-filter(7). */
export interface CapturePlace {
  readonly place: string;
  readonly device: string;
  readonly filter?: string;
}

// A signal ends nsenter and not what it started, so the end of its input ends tcpdump, which then says what it missed.
const untilInputEnds = '"$@" </dev/null & cat >/dev/null; kill -TERM $!; wait $!';
let captures = 0;

/** Starts to capture. */
export async function startCapture({ lab }: World, { place, device, filter }: CapturePlace): Promise<Capture> {
  const file = `/tmp/leea-${process.pid}-${captures++}.pcap`;
  // A filter picks few packets, which are all counted; everything on an interface is a flood that needs a large buffer.
  const mode = filter === undefined ? ["-B", "131072"] : ["--immediate-mode", "-s", "128"];
  const words = ["tcpdump", ...mode, "-Z", "root", "-n", "-i", device, "-w", file, ...(filter?.split(" ") ?? [])];
  const [program = "", ...args] = labExecArgv(lab, place, ["bash", "-c", untilInputEnds, "capture", ...words]);
  const child = spawn(program, args, { stdio: "pipe" });
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (said += text));
  await waitFor("tcpdump", () => said.includes("listening on"), 10_000);
  return {
    stop: async (needles = {}) => {
      await endCapture(child);
      const count = (what: string) => Number(new RegExp(`(\\d+) packets? ${what}`).exec(said)?.[1]);
      const seen = await searchFile(`/proc/${processOf(lab, place)}/root${file}`, needles);
      return { ...seen, packets: count("captured"), dropped: count("dropped by kernel") };
    },
  };
}

async function endCapture(child: ChildProcessWithoutNullStreams): Promise<void> {
  const closed = once(child, "close");
  child.stdin.end();
  await closed;
}

function processOf(lab: Lab, place: string): number | null | undefined {
  if (place === "inet" || place === "lan") return lab[place]?.pid;
  return lab.hosts.find(({ name }) => name === place)?.pid;
}

/** Counts the needles in a file, also across two reads, and removes it. */
async function searchFile(
  file: string,
  needles: Readonly<Record<string, Buffer>>,
): Promise<Pick<Captured, "bytes" | "found">> {
  const found: Record<string, number> = Object.fromEntries(Object.keys(needles).map((name) => [name, 0]));
  const longest = Math.max(1, ...Object.values(needles).map((needle) => needle.length));
  let rest = Buffer.alloc(0);
  for await (const chunk of createReadStream(file, { highWaterMark: 2 ** 20 })) {
    const text = Buffer.concat([rest, chunk as Buffer]);
    for (const [name, needle] of Object.entries(needles)) {
      for (let at = text.indexOf(needle); at !== -1; at = text.indexOf(needle, at + needle.length)) {
        // One that ended within the rest was counted with the chunk before.
        if (at + needle.length > rest.length) found[name] = (found[name] ?? 0) + 1;
      }
    }
    rest = Buffer.from(text.subarray(text.length - Math.min(longest - 1, text.length)));
  }
  const { size } = statSync(file);
  rmSync(file);
  return { bytes: size, found };
}
