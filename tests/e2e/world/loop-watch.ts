// Watches every host for routing loops: how often one echo request passes the same host, and whether any ran out of hops.

import { runInside } from "../enter-lab";
import type { World } from "./world";

const request = "ip saddr . ip daddr . icmp id . icmp sequence";

const table = `
  table ip looptest {
    set seen { typeof ${request}; size 500000; flags dynamic,timeout; timeout 60s; }
    set again { typeof ${request}; size 500000; flags dynamic,timeout; timeout 60s; }
    chain watch {
      type filter hook prerouting priority -400; policy accept;
      icmp type echo-request ${request} @again counter comment "thrice"
      icmp type echo-request ${request} @seen add @again { ${request} } counter comment "twice"
      icmp type echo-request add @seen { ${request} } counter comment "all"
      icmp type time-exceeded counter comment "expired"
    }
  }`;

/** What a host saw: echo requests, those that it saw a second and a third time, and ICMP time-exceeded. */
export interface LoopCount {
  readonly all: number;
  readonly twice: number;
  readonly thrice: number;
  readonly expired: number;
}

/** Starts to count on every host. */
export async function startLoopWatch(world: World): Promise<void> {
  for (const { name } of world.lab.hosts) await runInside(world.lab, name, `nft -f - <<'END'\n${table}\nEND`);
}

/** Ends the count and gives it by host. */
export async function stopLoopWatch(world: World): Promise<Record<string, LoopCount>> {
  const counts: Record<string, LoopCount> = {};
  for (const { name } of world.lab.hosts) {
    const text = await runInside(world.lab, name, "nft list chain ip looptest watch; nft delete table ip looptest");
    const count = (comment: string) => Number(new RegExp(`counter packets (\\d+) .*"${comment}"`).exec(text)?.[1]);
    const seen = { all: count("all"), twice: count("twice"), thrice: count("thrice") };
    counts[name] = { ...seen, expired: count("expired") };
  }
  return counts;
}

/**
 * Fails unless nothing went in a circle. A request that was under way to the host that the VM has just left comes back once:
 * on its way it may pass a host between, and the VM's new host, a second time. It never sees the former host twice.
 */
export function expectNoLoop(counts: Record<string, LoopCount>, formerHost: string): void {
  for (const seen of Object.values(counts)) expect(seen).toMatchObject({ thrice: 0, expired: 0 });
  expect(counts[formerHost]).toMatchObject({ twice: 0 });
}
