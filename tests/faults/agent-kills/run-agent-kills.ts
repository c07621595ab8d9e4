// Kills the real agent again and again under 20 VMs of fake QEMU processes, in namespaces of its own: nothing of the
// machine's own leea is seen or touched. Needs root on Linux, and the bundles of `npm run build`.

import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { KillCount } from "./kill-count";

/** How often, drawn from which seed; `report` gets lines for people: progress, and each thing that is wrong. */
export interface AgentKills {
  readonly kills: number;
  readonly seed: number;
  readonly report: (line: string) => void;
  /** The checkout, with its bundles. */
  readonly root: string;
}

// The first process reaps what dead agents leave. Files are in memory: kill -9 loses nothing that was written.
const enter = `set -eu
mount -t tmpfs -o mode=755 leea-kills /var/lib
mount -t tmpfs -o mode=755 leea-kills /run
mount -t tmpfs -o mode=755 leea-kills /usr/local/bin
touch /usr/local/bin/node
mount --bind "$NODE" /usr/local/bin/node
{ echo '#!/usr/local/bin/node'; cat "$FAKE_QEMU"; } >/usr/local/bin/qemu-system-x86_64
chmod 755 /usr/local/bin/qemu-system-x86_64
touch /run/fake-qemu.ledger
chmod 666 /run/fake-qemu.ledger
"$NODE" "$PROGRAM" "$@" &
wait $!`;

/** Runs to the end. Error: what the run said where it broke off. */
export function runAgentKills({ kills, seed, report, root }: AgentKills): Promise<KillCount> {
  const programs = join(root, ".cache", "programs");
  const files = { PROGRAM: join(programs, "agent-kills.cjs"), FAKE_QEMU: join(programs, "fake-qemu.cjs") };
  const bundle = join(root, "provider", "dist", "agent.cjs");
  const missing = [...Object.values(files), bundle].find((path) => !existsSync(path));
  if (missing !== undefined) return Promise.reject(new Error(`${missing} is missing: run \`npm run build\``));
  const apart = ["--mount", "--pid", "--net", "--ipc", "--fork", "--mount-proc", "--kill-child"];
  const argv = [...apart, "--", "bash", "-c", enter, "agent-kills", String(kills), String(seed), bundle];
  const child = spawn("unshare", argv, {
    env: { ...process.env, ...files, NODE: process.execPath },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let out = "";
  let rest = "";
  child.stdout.on("data", (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => {
    const lines = (rest + chunk.toString()).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) report(line);
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => {
      if (code === 0) resolve(JSON.parse(out) as KillCount);
      else reject(new Error(`the run broke off (${code}): ${rest}`));
    });
  });
}
