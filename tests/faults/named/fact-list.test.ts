// Every fault that the project's measurements of QEMU name, each at its instant of a real move: what QEMU does by itself is
// known, and what leea makes of it must hold.

import { findKind } from "../kinds/fault-kinds";
import { isSound, runOnce } from "../runner/run-once";
import { closeFaultWorld, type FaultWorld, openFaultWorld } from "../world/fault-world";
import type { Moment } from "../world/moments";

jest.setTimeout(300_000);

let opened: FaultWorld;

beforeAll(async () => {
  opened = await openFaultWorld("fact-list");
});

afterAll(() => closeFaultWorld(opened));

const facts: readonly (readonly [string, Moment])[] = [
  ["kill-destination-qemu", "precopy"],
  ["kill-destination-qemu", "gate"],
  ["kill-destination-qemu", "loaded"],
  ["freeze-destination-qemu", "device"],
  ["kill-source-qemu", "precopy"],
  ["link-down-5s", "precopy"],
  ["link-down", "precopy"],
  ["link-down", "gate"],
  ["cancel", "prepare"],
  ["cancel", "mirror"],
  ["cancel", "precopy"],
  ["cancel", "gate"],
  ["cancel", "released"],
];

test.each(facts)("%s at %s harms nothing that was acknowledged", async (name, instant) => {
  const result = await runOnce(opened, { kind: findKind(name), instant });
  expect({ ...result, sound: isSound(result) }).toMatchObject({
    struck: true,
    doubleRuns: [],
    lostWrites: 0,
    trouble: [],
    sound: true,
  });
});
