// A chosen few of the faults of `npm run faults`, each at its instant of a real move: the guest never runs twice, keeps
// every acknowledged block, leaves nothing behind, and is where it was declared after two runs of `up` at most.

import { lastWords } from "../../faults/kinds/fault-kind";
import { findKind } from "../../faults/kinds/fault-kinds";
import { isSound, runOnce } from "../../faults/runner/run-once";
import { closeFaultWorld, type FaultWorld, openFaultWorld } from "../../faults/world/fault-world";
import type { Moment } from "../../faults/world/moments";

jest.setTimeout(180_000);

let opened: FaultWorld;

beforeAll(async () => {
  opened = await openFaultWorld("broken-moves");
});

afterAll(() => closeFaultWorld(opened));

const chosen: readonly (readonly [string, Moment])[] = [
  ["kill-provider", "precopy"],
  ["kill-source-agent", "gate"],
  ["kill-source-agent", "released"],
  ["kill-destination-agent", "granted"],
  ["kill-destination-qemu", "loaded"],
  ["power-cut-destination", "precopy"],
];

test.each(chosen)("%s at %s harms nothing that was acknowledged", async (name, instant) => {
  const result = await runOnce(opened, { kind: findKind(name), instant });
  const account = isSound(result)
    ? "sound"
    : `${result.trouble.join("; ")}\n${JSON.stringify({ ...result, news: lastWords(opened.copies.news) }, null, 2)}`;
  if (result.qemuDefect !== undefined) process.stderr.write(`QEMU's own defect, met once more: ${result.qemuDefect}\n`);
  expect({ ...result, account }).toMatchObject({
    account: "sound",
    struck: true,
    doubleRuns: [],
    lostWrites: 0,
    trouble: [],
  });
});
