// A VM's story on its host: written in the background, bounded, kept across restarts and moves, gone a week after the
// VM's deletion; and never the reason for which an act fails.

import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { linuxFiles } from "../../../provider/agent/system/linux-files";
import { noteDecision, readDecisions, sweepDecisions } from "../../../provider/agent/vm/record/decision-log";
import { tellDecisions } from "../../../provider/agent/vm/tell-decisions";
import { fakeHostAgent, someRecord, someVmId } from "../../fakes/fake-host-agent";

const path = `/var/lib/leea/decisions/${someVmId}.jsonl`;
const dayMs = 24 * 3600 * 1000;

test("decisions come back in order with the host's time, also after a restart", async () => {
  const { system, ctx } = fakeHostAgent();
  system.clockMs = () => 1_000;
  noteDecision(ctx, someVmId, { decision: "created", because: ["asked"], evidence: { generation: 1 } });
  system.clockMs = () => 2_000;
  noteDecision(ctx, someVmId, { decision: "started", because: ["wanted"], moveId: "move-000001" });
  const told = [
    { atMs: 1_000, decision: "created", because: ["asked"], evidence: { generation: 1 } },
    { atMs: 2_000, decision: "started", because: ["wanted"], moveId: "move-000001" },
  ];
  expect(await readDecisions(ctx, someVmId)).toEqual(told);
  const later = fakeHostAgent();
  later.system.put(path, system.text(path) ?? "");
  expect(await readDecisions(later.ctx, someVmId)).toEqual(told);
});

test("the last 200 are kept, however many are noted", async () => {
  const { system, ctx } = fakeHostAgent();
  for (let count = 0; count < 1_000; count += 1) noteDecision(ctx, someVmId, { decision: `d-${count}`, because: [] });
  const decisions = await readDecisions(ctx, someVmId);
  expect(decisions).toHaveLength(200);
  expect(decisions.at(-1)?.decision).toBe("d-999");
  expect(system.text(path)?.split("\n").length).toBeLessThanOrEqual(302);
});

test("a line torn by a power cut takes no other with it", async () => {
  const { system, ctx } = fakeHostAgent();
  system.put(path, '{"atMs":1,"decision":"created","because":[]}\n{"atMs":2,"deci');
  noteDecision(ctx, someVmId, { decision: "found-running", because: [] });
  expect((await readDecisions(ctx, someVmId)).map(({ decision }) => decision)).toEqual(["created", "found-running"]);
});

test("large evidence and many reasons are cut", async () => {
  const { ctx } = fakeHostAgent();
  const because = Array.from({ length: 50 }, () => "x".repeat(10_000));
  noteDecision(ctx, someVmId, { decision: "waiting", because, evidence: { text: "y".repeat(100_000) } });
  const [decision] = await readDecisions(ctx, someVmId);
  expect(JSON.stringify(decision).length).toBeLessThan(10_000);
  expect(decision?.evidence).toHaveProperty("cutOff");
});

test("a disk that takes nothing, or evidence that is no JSON, is logged and stops no act", async () => {
  const { system, ctx, log } = fakeHostAgent();
  system.beforeAct = () => {
    throw new Error("ENOSPC");
  };
  noteDecision(ctx, someVmId, { decision: "started", because: [] });
  expect(await readDecisions(ctx, someVmId)).toEqual([]);
  noteDecision(ctx, someVmId, { decision: "started", because: [], evidence: { count: 1n } });
  expect(log).toEqual(["warn decision-not-noted", "warn decision-not-noted"]);
});

test("a story is kept while the VM is anywhere, and goes a week after its deletion", async () => {
  const { system, ctx, restart } = fakeHostAgent();
  const agent = await restart();
  system.clockMs = () => 0;
  noteDecision(ctx, someVmId, { decision: "moved-away", because: [] });
  await agent.records.save(someRecord({ role: "former" }));
  system.clockMs = () => 300 * dayMs;
  await sweepDecisions(ctx, agent.records);
  expect(await readDecisions(ctx, someVmId)).toHaveLength(1);
  noteDecision(ctx, someVmId, { decision: "deleted", because: [] });
  await agent.records.save(someRecord({ role: "deleted" }));
  system.clockMs = () => 306 * dayMs;
  await sweepDecisions(ctx, agent.records);
  expect(await readDecisions(ctx, someVmId)).toHaveLength(2);
  system.clockMs = () => 308 * dayMs;
  await sweepDecisions(ctx, agent.records);
  expect(await system.exists(path)).toBe(false);
});

test("a host tells its record without the spec, and its story also of a VM that moved away", async () => {
  const { system, ctx, restart } = fakeHostAgent();
  const agent = await restart();
  const movedTo = { nodeId: "b-abcdefgh", generation: 2, connection: { host: "10.0.0.12" } };
  await agent.records.save(someRecord({ role: "former", generation: 2, movedTo }));
  noteDecision(ctx, someVmId, { decision: "moved-away", because: ["it runs there"] });
  const answer = await tellDecisions(agent, someVmId);
  expect(answer.nodeId).toMatch(/-[a-z2-7]{8}$/);
  expect(answer.record).toMatchObject({ role: "former", name: "web", movedTo, monitorAnswers: false });
  expect(answer.record).not.toHaveProperty("spec");
  expect(answer.decisions.map(({ decision }) => decision)).toEqual(["moved-away"]);
  expect((await tellDecisions(agent, "b".repeat(26))).record).toBeUndefined();
  expect(system.refused).toEqual([]);
});

test("on a real file system a line is in its file at once, and the folder is made", async () => {
  const file = join(mkdtempSync(join(tmpdir(), "leea-log-")), "folder", "x.jsonl");
  await linuxFiles.appendText(file, "one\n");
  await linuxFiles.appendText(file, "two\n");
  expect(readFileSync(file, "utf8")).toBe("one\ntwo\n");
});
