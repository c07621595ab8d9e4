// When a VM that ended is started again: every policy with every end, and the back-off over time.

import { decideRestart, type EndedState, type MachineEnd } from "../../../../provider/model/restart/decide-restart";
import type { RestartPolicy } from "../../../../provider/model/vm-spec";

const policies: readonly RestartPolicy[] = ["never", "on-failure", "always"];
const ends: readonly MachineEnd[] = ["powered-off", "panicked", "crashed", "start-failed", "host-down"];
const nowMs = 1_700_000_000_000;

const ended = (change: Partial<EndedState>): EndedState => ({
  policy: "on-failure",
  wantsToRun: true,
  end: "crashed",
  history: { failures: 0 },
  nowMs,
  ...change,
});

test.each(policies.flatMap((policy) => ends.map((end) => ({ policy, end }))))(
  "$policy, after it $end: starts or stays as the table says, and never when it was asked to stop",
  ({ policy, end }) => {
    const starts = policy === "always" || (policy === "on-failure" && end !== "powered-off");
    expect(decideRestart(ended({ policy, end })).act).toBe(starts ? "start" : "leave");
    expect(decideRestart(ended({ policy, end, wantsToRun: false })).act).toBe("leave");
  },
);

test("what is left is told with its reason", () => {
  expect(decideRestart(ended({ policy: "never" })).because).toBe(
    "its QEMU ended without being asked to, and restart is never",
  );
  expect(decideRestart(ended({ end: "powered-off" })).because).toContain("restart is on-failure");
});

test("a VM that keeps ending at once waits 1 s, then twice as long each time, 5 min at most, and is degraded from the fifth on", () => {
  let history = { failures: 0, lastStartAtMs: nowMs };
  const delays: number[] = [];
  const degraded: boolean[] = [];
  for (let round = 0; round < 12; round += 1) {
    const decision = decideRestart(ended({ history, nowMs: history.lastStartAtMs }));
    if (decision.act !== "start") throw new Error("it is not started again");
    delays.push((decision.atMs - history.lastStartAtMs) / 1000);
    degraded.push(decision.degraded);
    history = { failures: decision.failures, lastStartAtMs: decision.atMs };
  }
  expect(delays).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300]);
  expect(degraded.indexOf(true)).toBe(4);
  expect(degraded.slice(4).every(Boolean)).toBe(true);
});

test("ten minutes of running make its failures forgotten, one less does not", () => {
  const history = { failures: 7, lastStartAtMs: nowMs - 600_000 };
  expect(decideRestart(ended({ history }))).toMatchObject({ atMs: nowMs + 1_000, failures: 1, degraded: false });
  const soon = { failures: 7, lastStartAtMs: nowMs - 599_999 };
  expect(decideRestart(ended({ history: soon }))).toMatchObject({ atMs: nowMs + 128_000, failures: 8, degraded: true });
});

test("a boot of the host starts it at once, whatever happened before", () => {
  const history = { failures: 9, lastStartAtMs: nowMs - 1 };
  expect(decideRestart(ended({ end: "host-down", history }))).toMatchObject({ atMs: nowMs, failures: 1 });
});

test("a clock that was set back keeps the back-off", () => {
  const history = { failures: 3, lastStartAtMs: nowMs + 3_600_000 };
  expect(decideRestart(ended({ history }))).toMatchObject({ atMs: nowMs + 8_000, failures: 4 });
});
