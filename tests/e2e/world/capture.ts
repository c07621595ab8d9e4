// Looks at traffic as it passes: tcpdump in a namespace of the lab, its bytes searched on the fly and never kept.

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { labExecArgv } from "../../../provider/cli/lab/lab";
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
  stop(): Promise<Captured>;
}

/** Starts to capture what `filter` (pcap-filter(7)) lets through on an interface, and to look for the needles in it. */
export async function startCapture(
  world: World,
  at: { readonly place: string; readonly device: string; readonly filter?: string },
  needles: Readonly<Record<string, Buffer>> = {},
): Promise<Capture> {
  const words = ["tcpdump", "--immediate-mode", "-n", "-i", at.device, "-B", "65536", "-s", "0", "-w", "-"];
  const [program = "", ...args] = labExecArgv(world.lab, at.place, [...words, ...(at.filter?.split(" ") ?? [])]);
  const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"] });
  const search = new Search(needles);
  child.stdout.on("data", (chunk: Buffer) => search.take(chunk));
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (said += text));
  await waitFor("tcpdump", () => said.includes("listening on"), 10_000);
  return { stop: () => stopCapture(child, search, () => said) };
}

async function stopCapture(child: ChildProcess, search: Search, said: () => string): Promise<Captured> {
  const closed = once(child, "close");
  child.kill("SIGINT");
  await closed;
  const count = (what: string) => Number(new RegExp(`(\\d+) packets? ${what}`).exec(said())?.[1]);
  const { bytes, found } = search;
  return { bytes, packets: count("captured"), dropped: count("dropped by kernel"), found };
}

/** Counts needles in a stream; one that lies across two chunks is found too. */
class Search {
  bytes = 0;
  readonly found: Record<string, number> = {};
  private readonly needles: Readonly<Record<string, Buffer>>;
  private rest = Buffer.alloc(0);

  constructor(needles: Readonly<Record<string, Buffer>>) {
    this.needles = needles;
    for (const name of Object.keys(needles)) this.found[name] = 0;
  }

  take(chunk: Buffer): void {
    this.bytes += chunk.length;
    const text = Buffer.concat([this.rest, chunk]);
    let longest = 0;
    for (const [name, needle] of Object.entries(this.needles)) {
      for (let at = text.indexOf(needle); at !== -1; at = text.indexOf(needle, at + needle.length)) {
        // One that ended within the rest was counted with the chunk before.
        if (at + needle.length > this.rest.length) this.found[name] = (this.found[name] ?? 0) + 1;
      }
      longest = Math.max(longest, needle.length);
    }
    this.rest = Buffer.from(longest === 0 ? [] : text.subarray(-(longest - 1)));
  }
}
