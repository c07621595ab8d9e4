// An agent killed before or after each thing that it syncs while a stopped VM moves: in the end exactly one record says
// owner, no guest ran at any moment, and no QEMU that carried disks is left on either host.

import { type HostName, MoveWorld } from "../../fakes/move-world";

jest.setTimeout(120_000);

interface Kill {
  readonly host: HostName;
  readonly when: "before" | "after";
  readonly nth: number;
}

/** Moves with a kill, and says whether it came to it: there are no more syncs than there are. */
async function moveWithKill({ host, when, nth }: Kill): Promise<boolean> {
  const world = await MoveWorld.open();
  await world.stopVm();
  const earlier = world.agent(host).syncs;
  let isDone = false;
  world.onSync = (name, now, count) => {
    if (isDone || name !== host || now !== when || count - earlier !== nth) return;
    isDone = true;
    world.restart(host);
  };
  const state = await world.move();
  const told = `${state} after the agent of ${host} was killed ${when} sync ${nth}: ${world.timeline.join("; ")}`;
  try {
    const owners = () => (["a", "b"] as const).filter((name) => world.record(name)?.role === "owner");
    const deadline = Date.now() + 5_000;
    while (world.wire.qemus.size > 0 && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 5));
    expect({ told, left: [...world.wire.qemus].map((qemu) => qemu.host) }).toEqual({ told, left: [] });
    expect({ told, owners: owners() }).toEqual({ told, owners: [state === "succeeded" ? "b" : "a"] });
    expect(world.timeline.filter((act) => / qmp (cont|system_powerdown)$/.test(act))).toEqual([]);
    expect({ told, violations: world.wire.violations }).toEqual({ told, violations: [] });
  } finally {
    await world.close();
  }
  return isDone;
}

test.each([
  ["a", "before"],
  ["a", "after"],
  ["b", "before"],
  ["b", "after"],
] as const)("the agent of host %s killed %s each of its syncs (a is the source)", async (host, when) => {
  let nth = 1;
  while (await moveWithKill({ host, when, nth })) nth += 1;
  expect(nth).toBeGreaterThan(4);
});
