// Counts packets on a host by nftables rules of the test's own, beside leea's table and without a say in any packet.

import { runInside } from "../enter-lab";
import type { World } from "./world";

/** A rule's match, and the hook at which it looks: `raw` before leea's own anti-spoofing, `out` after its forward rules. */
export interface CountedMatch {
  readonly hook: "raw" | "out";
  readonly match: string;
}

/** Counts on a host what each named match lets through, from now on. */
export async function startCount(
  world: World,
  host: string,
  matches: Readonly<Record<string, CountedMatch>>,
): Promise<void> {
  const rules = (hook: CountedMatch["hook"]) =>
    Object.entries(matches)
      .filter(([, each]) => each.hook === hook)
      .map(([name, { match }]) => `${match} counter comment "${name}"`)
      .join("\n");
  const table = `table inet counttest {
    chain raw { type filter hook prerouting priority -400; policy accept;\n${rules("raw")}\n}
    chain out { type filter hook postrouting priority 400; policy accept;\n${rules("out")}\n}
  }`;
  await runInside(world.lab, host, `nft -f - <<'END'\n${table}\nEND`);
}

/** Ends the count and gives the packets by name. */
export async function stopCount(world: World, host: string): Promise<Record<string, number>> {
  const text = await runInside(world.lab, host, "nft list table inet counttest; nft delete table inet counttest");
  const lines = text.matchAll(/counter packets (\d+) bytes \d+ comment "([^"]+)"/g);
  return Object.fromEntries([...lines].map(([, packets, name]) => [name ?? "", Number(packets)]));
}
