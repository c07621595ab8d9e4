// Faults of storage: a host whose file systems for VMs and for the agent's state are small and its own, and the file that
// fills one of them to the last byte at once.

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { labExecArgv } from "../../../provider/cli/lab/lab";
import { runInside } from "../../e2e/enter-lab";
import type { World } from "../../e2e/world/world";

/** Where the agent keeps its records and journal, and where it keeps disks. */
export const storage = { state: "/var/lib/leea", disks: "/var/lib/leea/vm" } as const;

/** Gives a host that is no MeshNode yet two file systems of its own, of `sizeMebibytes` each. */
export async function limitStorage(world: World, host: string, sizeMebibytes: number): Promise<void> {
  for (const folder of [storage.state, storage.disks])
    await runInside(
      world.lab,
      host,
      `mkdir -p ${folder}; mount -t tmpfs -o mode=711,size=${sizeMebibytes}m leea-test ${folder}`,
    );
}

/** A file system that can be filled within a millisecond or two, and emptied again. */
export interface ArmedFill {
  fill(): Promise<void>;
  free(): Promise<void>;
}

// dd ends when nothing fits any more, to the byte: fallocate(1) takes all or nothing.
const script = `read -r _; dd if=/dev/zero of="$1/filler" bs=64k status=none 2>/dev/null || true
dd if=/dev/zero of="$1/filler" bs=512 oflag=append conv=notrunc status=none 2>/dev/null || true; echo full
read -r _; rm "$1/filler"; echo free; cat >/dev/null`;

/** Makes ready to fill a folder's file system. */
export function armFill(world: World, host: string, folder: string): ArmedFill {
  const [program = "", ...args] = labExecArgv(world.lab, host, ["bash", "-ec", script, "fill", folder]);
  const child = spawn(program, args, { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout });
  const said = async (word: string): Promise<void> => {
    const [line] = (await Promise.race([once(lines, "line"), once(child, "exit")])) as [unknown];
    if (line !== word) throw new Error(`${folder} of ${host} could not be made ${word}: ${String(line)}`);
  };
  return {
    fill: () => tell(child, said("full")),
    free: async () => {
      await tell(child, said("free"));
      child.stdin.end();
    },
  };
}

async function tell(child: ChildProcess, answer: Promise<void>): Promise<void> {
  child.stdin?.write("\n");
  await answer;
}
