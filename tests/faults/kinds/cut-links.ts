// Faults of the network: every packet between one host and the rest is dropped, but for SSH, as when the cable of its
// data network is pulled. Nothing is refused or reset: silence is what programs are worst at.

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import { labExecArgv } from "../../../provider/cli/lab/lab";
import type { World } from "../../e2e/world/world";
import type { FaultKind } from "./fault-kind";

const shortMs = 5_000;
/** Longer than the patience of whoever sends over it (`stallTimeout` of the world's VM). */
const longestMs = 15_000;
const ssh = "{ 22, 2222 }";

const table = `table inet leeafault {
  chain in { type filter hook input priority -350; policy accept; iifname "lo" accept; iifname "leea*" accept; tcp dport ${ssh} accept; drop; }
  chain out { type filter hook output priority -350; policy accept; oifname "lo" accept; oifname "leea*" accept; tcp sport ${ssh} accept; drop; }
}`;

// Stands ready in the host, so that the cut takes as long as one program and no more.
const script = `read -r _; nft "$1"; echo cut; read -r _; nft delete table inet leeafault; echo mended`;

/** The destination's link is dead for 5 s. */
export const cutLinkShortly = cutLink("link-down-5s", shortMs);

/** The destination's link is dead until the provider has given up, 15 s at most. */
export const cutLinkForGood = cutLink("link-down", longestMs);

/** A cable that can be cut at once. */
export interface ArmedCut {
  cut(): Promise<void>;
  mend(): Promise<void>;
}

/** Makes ready to cut a host off. */
export async function armCut(world: World, host: string): Promise<ArmedCut> {
  const [program = "", ...args] = labExecArgv(world.lab, host, ["bash", "-ec", script, "cut", table]);
  const child = spawn(program, args, { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout });
  const said = async (word: string): Promise<void> => {
    const [line] = (await Promise.race([once(lines, "line"), once(child, "exit")])) as [unknown];
    if (line !== word) throw new Error(`the cable of ${host} could not be ${word}: ${String(line)}`);
  };
  return {
    cut: () => tell(child, said("cut")),
    mend: () => tell(child, said("mended")),
  };
}

async function tell(child: ChildProcess, answer: Promise<void>): Promise<void> {
  child.stdin?.write("\n");
  await answer;
}

function cutLink(name: string, lastsMs: number): FaultKind {
  return {
    name,
    arm: async ({ opened, to }) => {
      const cable = await armCut(opened.world, to);
      let wasCut = false;
      let mended: Promise<void> | undefined;
      const mend = (): Promise<void> => (mended ??= cable.mend());
      return {
        strike: async () => {
          wasCut = true;
          await cable.cut();
          void delay(lastsMs, undefined, { ref: false }).then(mend);
          return true;
        },
        heal: async () => {
          if (!wasCut) await cable.cut(); // lets the waiting program end
          await mend();
        },
      };
    },
  };
}
