// The agent is killed at random instants of its work and of its own start, under 20 VMs of fake QEMU processes; the fake
// one is held to what the real one does. `npm run faults -- --agent-kills 1000` is the same with more kills.

import { join } from "node:path";
import { isSound } from "../faults/agent-kills/kill-count";
import { runAgentKills } from "../faults/agent-kills/run-agent-kills";

jest.setTimeout(400_000);

test("kills lose no acknowledged operation, leave nothing behind, start nothing twice and touch no guest", async () => {
  const told: string[] = [];
  const root = join(__dirname, "../..");
  const count = await runAgentKills({ kills: 60, seed: 4, root, report: (line) => void told.push(line) });
  expect({ told: told.filter((line) => line.includes(":")), isSound: isSound(count) }).toEqual({
    told: [],
    isSound: true,
  });
  expect(count.kills).toBeGreaterThanOrEqual(60);
  expect(count.acknowledged).toBeGreaterThan(20);
  expect(count.starts).toBeGreaterThan(30);
});
