// What the agent knows for sure: who may run a VM (records), which moves it was told of, which user a VM has.

import { ExpectedMoves } from "../../../provider/agent/migration/destination/expected-moves";
import { chooseUid } from "../../../provider/agent/vm/record/choose-uid";
import { loadVmRecords } from "../../../provider/agent/vm/record/vm-records";
import type { NodeDescriptor } from "../../../provider/protocol/node";
import { fakeHostAgent, someRecord, someVmId } from "../../fakes/fake-host-agent";

const source = { fingerprint: "source-key", nodeId: "a-12345678" } as NodeDescriptor;
const otherVmId = "b".repeat(26);

test("a record is synced before it is taken as true, and survives a power cut", async () => {
  const { system, ctx, restart } = fakeHostAgent();
  const { records } = await restart();
  await records.save(someRecord());
  expect(system.acts).toContain(`sync /var/lib/leea/records/${someVmId}.json`);
  system.cutPower();
  expect((await loadVmRecords(ctx)).get(someVmId)).toEqual(someRecord());
});

test("a record that cannot be synced is not taken as true", async () => {
  const { system, restart } = fakeHostAgent();
  const { records } = await restart();
  await records.save(someRecord());
  system.beforeAct = () => {
    throw new Error("EIO");
  };
  await expect(records.save(someRecord({ role: "released" }))).rejects.toThrow("EIO");
  expect(records.get(someVmId)?.role).toBe("owner");
});

test("a damaged record stops the agent, naming the file", async () => {
  const { system, ctx } = fakeHostAgent();
  system.put(`/var/lib/leea/records/${someVmId}.json`, '{"vmId":"aaa');
  await expect(loadVmRecords(ctx)).rejects.toMatchObject({
    message: expect.stringContaining(`${someVmId}.json is damaged`),
  });
});

test("a peer is heard only for a move that was announced, and only from its source", async () => {
  const { ctx } = fakeHostAgent();
  const expected = new ExpectedMoves(ctx);
  await expected.expect({ moveId: "move-000001", vmId: someVmId, source });
  expect(expected.demand("move-000001", "source-key")).toMatchObject({ vmId: someVmId });
  const refused = expect.objectContaining({ code: "PEER_REFUSED" });
  expect(() => expected.demand("move-000001", "another-key")).toThrow(refused);
  expect(() => expected.demand("move-000002", "source-key")).toThrow(refused);
});

test("an expected move outlives the agent, and a newer one of the same VM takes its place", async () => {
  const { ctx } = fakeHostAgent();
  await new ExpectedMoves(ctx).expect({ moveId: "move-000001", vmId: someVmId, source });
  const later = new ExpectedMoves(ctx);
  await later.load();
  expect(later.find("move-000001")).toMatchObject({ vmId: someVmId });
  await later.expect({ moveId: "move-000002", vmId: someVmId, source });
  await later.expect({ moveId: "move-000003", vmId: otherVmId, source });
  const last = new ExpectedMoves(ctx);
  await last.load();
  expect([1, 2, 3].map((n) => last.find(`move-00000${n}`) !== undefined)).toEqual([false, true, true]);
});

test("each VM has a user of its own, also one that came with another host's number", async () => {
  const agent = await fakeHostAgent().restart();
  expect(chooseUid(agent, someVmId)).toBe(900_000);
  await agent.records.save(someRecord({ uid: 900_000 }));
  expect(chooseUid(agent, someVmId)).toBe(900_000);
  expect(chooseUid(agent, otherVmId)).toBe(900_001);
  await agent.records.save(someRecord({ vmId: otherVmId, uid: 900_000 }));
  expect(chooseUid(agent, otherVmId)).toBe(900_001);
  await agent.records.save(someRecord({ vmId: otherVmId, uid: 0 }));
  expect(chooseUid(agent, otherVmId)).toBe(900_001);
});
