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
