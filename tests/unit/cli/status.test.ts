// The status report: what is not well comes first and worst first; every figure a person needs is there; the shape that
// programs read is the documented one.

import { reportStatus } from "../../../provider/cli/status/status-report";
import { formatStatus, statusLines } from "../../../provider/cli/status/status-text";
import { choosePaint } from "../../../provider/cli/text/paint";
import { statusShape } from "../../../provider/cli/words/json-shapes";
import { someSpec } from "../../fakes/fake-host-agent";
import { answering, idOf, silent, someMove, someReport, undocumentedFields } from "./some-survey";

const nowMs = 1_000_000_000;
const plain = choosePaint({ isTerminal: false, env: {} });
const linkTo = (name: string, lastHandshakeMs: number) =>
  ({
    peerId: idOf(name),
    interfaceName: "leeal0",
    listenPort: 1,
    lastHandshakeMs,
    receivedBytes: 0,
    sentBytes: 0,
  }) as const;
const report = (surveys: Parameters<typeof reportStatus>[0]["surveys"], last: [string, string][] = []) =>
  reportStatus({
    surveys,
    nowMs,
    lastDecisions: new Map(last.map(([vmId, because]) => [vmId, { atMs: 0, decision: "crashed", because: [because] }])),
  });

test("where all is well it says so, with a table of hosts and one of VMs, aligned and without colours in a pipe", () => {
  const surveys = [
    answering("a", { vms: [someReport()], node: { links: [linkTo("b", nowMs - 40_000)] } }),
    answering("b", { node: { links: [linkTo("a", nowMs - 40_000)] } }),
  ];
  expect(formatStatus(report(surveys), plain)).toEqual([
    "All is well.",
    "",
    "HOST  STATE  VMS  LINKS  HANDSHAKE  MEMORY FREE     AGENT           AT",
    "a     ready  1    1 up   40 s ago   4 GiB of 8 GiB  0.1.0+01234567  10.0.0.97",
    "b     ready  0    1 up   40 s ago   4 GiB of 8 GiB  0.1.0+01234567  10.0.0.98",
    "",
    "VM   STATE    HOST  ADDRESS    MOVES  GEN",
    "web  running  a     10.92.0.7  live   1",
  ]);
});

test("the worst comes first: two copies, then what does not run, then who does not answer, then the rest", () => {
  const crashed = someReport({ vmId: "c".repeat(26), spec: someSpec({ name: "db" }), state: "crashed" });
  const surveys = [
    answering("a", { vms: [someReport(), crashed], node: { links: [linkTo("b", 0), linkTo("d", nowMs - 200_000)] } }),
    answering("b", {
      vms: [someReport({ nodeId: idOf("b") })],
      node: { availableMemoryBytes: 2 ** 20, bundleHash: "ffffffffff" },
    }),
    silent("c"),
  ];
  const { problems, well } = report(surveys, [["c".repeat(26), "its QEMU ended"]]);
  expect(well).toBe(false);
  expect(problems.map(({ severity, subject, what }) => `${severity} ${subject}: ${what}`)).toEqual([
    "error web: runs on a and b at once",
    "error db: does not run on a, and was meant to (crashed: its QEMU ended)",
    "error c: does not answer: connect ETIMEDOUT",
    `warning a: its link to ${idOf("b")} is down (never a handshake)`,
    `warning a: its link to ${idOf("d")} is down (last handshake 3m 20s ago)`,
    "warning b: has only 1 MiB of memory left",
    "warning agents: differ in version: 0.1.0+01234567, 0.1.0+ffffffff",
  ]);
});

test("a running move is told with phase, percent, rate and time left; one that waits for a host's word is an error", () => {
  const operation = someMove();
  const vms = [someReport({ state: "moving", operationId: operation.operationId })];
  const running = report([answering("a", { vms, operations: [operation] })]);
  expect(running.vms[0]?.operation).toMatchObject({
    phase: "precopy",
    percent: 50,
    bytesPerSecond: 2 ** 20,
    secondsLeft: 3,
  });
  expect(formatStatus(running, plain).at(-1)).toMatch(/^web +moving .* move-vm precopy 50 % 1 MiB\/s 3\.0 s left$/);
  expect(statusLines(running)).toContain("vm web: moving on a, move-vm precopy 50 % 1 MiB/s 3.0 s left");
  const waiting = someMove({
    progress: { phase: "cutover", message: "the guest stands still until b says whether it runs there" },
  });
  const stuck = report([answering("a", { vms, operations: [waiting] })]);
  expect(stuck.problems).toMatchObject([
    { severity: "error", subject: "web", what: expect.stringContaining("stands still") },
  ]);
  expect(stuck.vms[0]?.waits).toEqual(["the guest stands still until b says whether it runs there"]);
});

test("a VM that its host will start again says when and why", () => {
  const restart = { because: "its QEMU was killed", failures: 2, degraded: true };
  const { vms } = report([answering("a", { vms: [someReport({ state: "crashed", restart })] })]);
  expect(vms[0]).toMatchObject({
    restart,
    waits: ["its host will start it again: its QEMU was killed, 2 failed starts so far (degraded)"],
  });
});

test("every field of the report is in the documented shape", () => {
  const operation = someMove({
    progress: { phase: "precopy", message: "m", bytesDone: 1, bytesTotal: 2, bytesPerSecond: 3, secondsLeft: 4 },
  });
  const restart = { because: "b", failures: 1, degraded: false, nextAtMs: 5 };
  const vms = [someReport({ state: "moving", operationId: operation.operationId, restart })];
  const surveys = [
    answering("a", { vms, operations: [operation], node: { links: [linkTo("b", nowMs)] } }),
    silent("c"),
  ];
  expect(undocumentedFields(report(surveys), statusShape)).toEqual([]);
});

test("colours are for terminals, and never with NO_COLOR", () => {
  const painted = (isTerminal: boolean, env: Record<string, string>) => choosePaint({ isTerminal, env }).bad("x");
  expect(painted(true, {})).toBe("\u001b[31mx\u001b[39m");
  expect([painted(false, {}), painted(true, { NO_COLOR: "1" }), painted(true, { TERM: "dumb" })]).toEqual([
    "x",
    "x",
    "x",
  ]);
});
