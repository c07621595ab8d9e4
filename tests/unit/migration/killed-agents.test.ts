// An agent killed before or after each thing that it syncs during a move, and started again beside the QEMUs that live
// on: in the end exactly one host runs the guest and exactly one record says owner, and never two at any moment.

import { type HostName, type MoveWish, MoveWorld } from "../../fakes/move-world";

jest.setTimeout(120_000);

const ways: Readonly<Record<string, MoveWish>> = {
  live: {},
  cold: { migration: { downtimeLimitMs: 30, mode: "cold", shutdownTimeoutMs: 1_000 } },
};

/** The synced writes of an undisturbed move, by host: file names without what differs from run to run. */
async function listSyncs(
  wish: MoveWish,
): Promise<readonly { readonly host: HostName; readonly count: number; readonly path: string }[]> {
  const world = await MoveWorld.open();
  const syncs: { host: HostName; count: number; path: string }[] = [];
  const earlier = countsBefore(world);
  world.onSync = (host, when, count, path) => {
    if (when === "after") syncs.push({ host, count: count - earlier[host], path });
  };
  await world.move(wish);
  await world.close();
  return syncs;
}

/** A life's own count goes on from the start of the VM: what was synced before the move is left out. */
function countsBefore(world: MoveWorld): Record<HostName, number> {
  return { a: world.agent("a").syncs, b: world.agent("b").syncs };
}

interface Kill {
  readonly host: HostName;
  readonly when: "before" | "after";
  readonly nth: number;
}

async function moveWithKill({ host, when, nth }: Kill, wish: MoveWish): Promise<void> {
  const world = await MoveWorld.open();
  const earlier = countsBefore(world);
  let isDone = false;
  world.onSync = (name, now, count) => {
    if (isDone || name !== host || now !== when || count - earlier[name] !== nth) return;
    isDone = true;
    world.restart(host);
  };
  const state = await world.move(wish);
  const told = `${state} after the agent of ${host} was killed ${when} sync ${nth}: ${world.timeline.join("; ")}`;
  try {
    expect(isDone).toBe(true);
    expect({ told, violations: world.wire.violations }).toEqual({ told, violations: [] });
    expect({ told, running: await world.runningInTheEnd() }).toEqual({
      told,
      running: [state === "succeeded" ? "b" : "a"],
    });
    const owners = (["a", "b"] as const).filter((name) => world.record(name)?.role === "owner");
    expect({ told, owners }).toEqual({ told, owners: world.running() });
  } finally {
    await world.close();
  }
}

describe.each(["a", "b"] as const)("the agent of host %s (a is the source)", (host) => {
  test.each([
    ["live", "before"],
    ["live", "after"],
    ["cold", "before"],
    ["cold", "after"],
  ] as const)("in a %s move, killed %s each of its syncs, leaves exactly one guest running", async (way, when) => {
    const wish = ways[way] ?? {};
    const syncs = (await listSyncs(wish)).filter((sync) => sync.host === host);
    expect(syncs.length).toBeGreaterThan(4);
    for (const { count } of syncs) await moveWithKill({ host, when, nth: count }, wish);
  });
});
