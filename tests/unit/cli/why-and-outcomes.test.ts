// A VM's story out of several hosts' parts, and what came of a move, in words, as JSON and as an exit status.

import {
  describeOutcome,
  type MoveOutcome,
  statusOfCancel,
  statusOfMove,
} from "../../../provider/cli/move/move-outcome";
import { choosePaint } from "../../../provider/cli/text/paint";
import { reportWhy } from "../../../provider/cli/why/why-report";
import { formatWhy } from "../../../provider/cli/why/why-text";
import { moveShape, whyShape } from "../../../provider/cli/words/json-shapes";
import type { RecordSummary } from "../../../provider/protocol/decision";
import { idOf, someMove, someReport, undocumentedFields } from "./some-survey";

const plain = choosePaint({ isTerminal: false, env: {} });
const record = (change: Partial<RecordSummary>): RecordSummary => ({
  name: "web",
  owner: "o/p/s",
  logicalName: "web",
  role: "owner",
  generation: 1,
  incarnation: 1,
  wantsToRun: true,
  operationId: "put-000001",
  monitorAnswers: true,
  ...change,
});
const vmId = "a".repeat(26);

test("the hosts' decisions are one story in the order of time, the last ones", () => {
  const a = {
    nodeId: idOf("a"),
    decisions: [1, 3].map((atMs) => ({ atMs, decision: `a${atMs}`, because: [] })),
    record: record({ role: "former" }),
  };
  const b = {
    nodeId: idOf("b"),
    decisions: [2, 4].map((atMs) => ({ atMs, decision: `b${atMs}`, because: [] })),
    record: record({}),
  };
  const stories = [
    { host: "10.0.0.1", nodeId: idOf("a"), answer: a },
    { host: "10.0.0.2", nodeId: idOf("b"), answer: b },
  ];
  const told = (last: number) =>
    reportWhy({ vmId, stories, report: someReport({ nodeId: idOf("b") }), last }).decisions.map(
      ({ decision }) => decision,
    );
  expect(told(20)).toEqual(["a1", "b2", "a3", "b4"]);
  expect(told(2)).toEqual(["a3", "b4"]);
  expect(told(0)).toEqual([]);
});

test("a guest that stands still between two hosts says for whom it waits, and what to do", () => {
  const stories = [
    {
      host: "10.0.0.1",
      nodeId: idOf("a"),
      answer: { nodeId: idOf("a"), decisions: [], record: record({ role: "released", moveId: "m" }) },
    },
    { host: "10.0.0.2", nodeId: idOf("b"), reason: "connect ETIMEDOUT" },
  ];
  const why = reportWhy({ vmId, stories, report: someReport({ state: "moving" }), operation: someMove(), last: 20 });
  expect(why.waits).toEqual([
    "move-vm runs, phase precopy",
    "a has released it, and waits for the destination's word that it runs there or never did",
  ]);
  expect(why.next[0]).toBe("bring 10.0.0.2 back: only it can say whether the guest ran there");
  expect(formatWhy(why, plain).join("\n")).toContain("does not answer: connect ETIMEDOUT");
});

test("the text shows reasons and evidence, and a host that never heard of it", () => {
  const decisions = [
    {
      atMs: 0,
      decision: "released",
      because: ["QEMU reported the source completed"],
      evidence: { to: idOf("b"), generation: 2 },
      moveId: "m-1",
    },
  ];
  const stories = [{ host: "h", nodeId: idOf("a"), answer: { nodeId: idOf("a"), decisions } }];
  expect(formatWhy(reportWhy({ vmId, stories, last: 20 }), plain)).toEqual([
    `${vmId} is nowhere to be found   ${vmId}`,
    "",
    "HOST  RECORD",
    "a     none",
    "",
    "1970-01-01 00:00:00.000  a  released",
    "    because QEMU reported the source completed",
    `    to=${idOf("b")} generation=2 move=m-1`,
  ]);
});

test("every field of a story is in the documented shape", () => {
  const decisions = [{ atMs: 0, decision: "d", because: ["r"], evidence: {}, moveId: "m" }];
  const movedTo = {} as never;
  const stories = [
    {
      host: "h",
      nodeId: "n",
      reason: "r",
      answer: { nodeId: "n", decisions, record: record({ moveId: "m", movedTo }) },
    },
  ];
  expect(undocumentedFields(reportWhy({ vmId, stories, report: someReport(), last: 1 }), whyShape)).toEqual([]);
});

const figures = {
  mode: "live",
  from: idOf("a"),
  to: idOf("b"),
  totalMs: 1_200,
  downtimeMs: 34.5,
  ramBytes: 2 ** 26,
  diskBytes: 0,
  passes: 3,
} as const;
const base = { vmId, name: "web", from: idOf("a"), to: idOf("b"), currentNode: idOf("b") };

test.each<[MoveOutcome, number, number, RegExp]>([
  [
    { ...base, outcome: "moved", figures },
    0,
    0,
    /^web moved from a to b: live, 1\.2 s in all, the guest stood still for 35 ms, 64 MiB of memory carried$/,
  ],
  [{ ...base, outcome: "already-there" }, 0, 0, /^web is on b already$/],
  [{ ...base, outcome: "possible", way: "live", grounds: "room" }, 0, 0, /^web can move live from a to b: room$/],
  [
    { ...base, outcome: "refused", way: "live", reasons: ["no room"], offersCold: true },
    5,
    5,
    /stays as it is:\n {2}- no room\nIt can move cold: `leea move web b --cold`/,
  ],
  [{ ...base, outcome: "cancelled", currentNode: idOf("a") }, 1, 0, /was cancelled; it runs on a as before/],
  [{ ...base, outcome: "too-late", figures }, 5, 5, /^It was too late to cancel: web moved to b \(live/],
  [{ ...base, outcome: "nothing-to-cancel", message: "it is running" }, 5, 5, /^web is not moving: it is running$/],
  [{ ...base, outcome: "failed", message: "the link broke" }, 1, 1, /^The move of web failed: the link broke$/],
])("an outcome is told truly: %o", (outcome, moveStatus, cancelStatus, words) => {
  expect([statusOfMove(outcome), statusOfCancel(outcome)]).toEqual([moveStatus, cancelStatus]);
  expect(describeOutcome(outcome).join("\n")).toMatch(words);
  expect(undocumentedFields(outcome, moveShape)).toEqual([]);
  expect(moveShape).toContain(`"${outcome.outcome}"`);
});
