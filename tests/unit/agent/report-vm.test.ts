// What a host says of a VM whose QEMU ends in the moment in which it is asked.

import { MoveWorld } from "../../fakes/move-world";

test("a QEMU that ends as it is asked is a VM that crashed, not a question that failed", async () => {
  const world = await MoveWorld.open();
  try {
    const { agent, code } = world.agent("a");
    const ask = () => code.answerVm(agent, world.vmId);
    expect(await ask()).toMatchObject({ found: "here", report: { state: "running" } });
    const qemu = world.qemu("a");
    if (qemu === undefined) throw new Error("no QEMU on a");
    qemu.onCommand = (name) => {
      if (name === "query-status") qemu.end();
    };
    expect(await ask()).toMatchObject({ found: "here", report: { state: "crashed" } });
  } finally {
    await world.close();
  }
});

test("a guest that powers off while its host looks who it is, is a VM that is stopped and did not crash", async () => {
  const world = await MoveWorld.open();
  try {
    const { agent, code } = world.agent("a");
    const asked = code.answerVm(agent, world.vmId);
    const record = agent.records.get(world.vmId);
    if (record === undefined) throw new Error("a has no such VM");
    await agent.records.save({ ...record, wantsToRun: false });
    agent.machines.detach(world.vmId);
    expect(await asked).toMatchObject({ found: "here", report: { state: "stopped" } });
  } finally {
    await world.close();
  }
});
