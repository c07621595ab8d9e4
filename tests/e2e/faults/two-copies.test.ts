// The watch that every fault is judged by: it sees two copies of a guest run when they do, and none in a move without
// trouble. The second copy is a real one, let go by hand while the source's agent is kept from ending it.

import { closeFaultWorld, type FaultWorld, observer, openFaultWorld } from "../../faults/world/fault-world";
import { findAgent, signalProcess } from "../../faults/world/find-processes";
import { Moments } from "../../faults/world/moments";
import { waitForNoTraces } from "../world/vm-traces";
import { waitFor } from "../world/wait-for";

jest.setTimeout(180_000);

let opened: FaultWorld;

beforeAll(async () => {
  opened = await openFaultWorld("two-copies");
});

afterAll(() => closeFaultWorld(opened));

test("a move without trouble passes its instants in order, and no two copies run", async () => {
  opened.copies.begin();
  const moments = new Moments(opened, "a", () => undefined);
  await opened.vm.update("b");
  moments.stop();
  // Each teller's own order: which of two tellers is heard first says nothing.
  const told = (by: readonly string[]) => moments.passed.filter((moment) => by.includes(moment));
  for (const order of [
    ["prepare", "mirror", "precopy"],
    ["stop", "gate", "device", "completed"],
    ["loaded", "resumed"],
    ["released"],
    ["granted"],
  ])
    expect(told(order)).toEqual(order);
  await opened.ledger.waitForMore(20);
  expect(opened.copies.times.all().map(({ host }) => host)).toEqual(["a", "b"]);
  expect(opened.copies.findDoubleRuns()).toEqual([]);
  expect(opened.copies.flaws).toEqual([]);
  await waitForNoTraces(opened.vm, "a", 30_000);
});

test("two copies that run at once are seen, and for how long", async () => {
  opened.copies.begin();
  const agent = findAgent(opened.world.lab, "b");
  // From the gate on QEMU completes by itself: with the agent stopped there, nobody ends the source before both are let go.
  const moments = new Moments(opened, "b", (moment) => {
    if (moment === "device") signalProcess(agent, "SIGSTOP");
  });
  const moving = opened.vm.update("a").catch(() => undefined); // both may be found out, or the move ends
  try {
    await waitFor("the source's completion", () => moments.passed.includes("completed"), 60_000);
    await waitFor("a second copy that runs", () => {
      for (const host of ["a", "b"] as const) opened.copies.on(host)[0]?.monitor.send("cont");
      return opened.copies.findDoubleRuns().length > 0;
    });
    await waitFor("both to say so", () => opened.copies.living().every(({ status }) => status === "running"));
    expect(
      opened.copies
        .living()
        .map(({ host }) => host)
        .sort(),
    ).toEqual(["a", "b"]);
  } finally {
    signalProcess(agent, "SIGCONT");
  }
  await moving;
  moments.stop();
  await waitFor("the end of the second copy", () => opened.copies.living().length === 1);
  const [double, ...more] = opened.copies.findDoubleRuns();
  expect(more).toEqual([]);
  expect(double?.copies.map(({ host }) => host).sort()).toEqual(["a", "b"]);
  expect(double?.lastedMs).toBeGreaterThan(0);
  expect(await opened.vm.booted(observer)).toBe(opened.bootId);
});
