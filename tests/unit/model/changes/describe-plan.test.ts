// The lines of preview.

import type { Changes, FieldChange } from "../../../../provider/model/changes/changes";
import { describePlan } from "../../../../provider/model/changes/describe-plan";

const node: FieldChange = { field: "node", change: "migrate", reason: "node changed (a-aaaaaaaa -> b-bbbbbbbb)" };
const memory: FieldChange = { field: "memory", change: "restart", reason: "memory changed (1GiB -> 2GiB)" };
const plan = (verdict: Changes["verdict"], ...changes: FieldChange[]): Changes => ({
  verdict,
  changes,
  warnings: [],
  problems: [],
});
const way = { from: "a-aaaaaaaa", to: "b-bbbbbbbb", way: "live" } as const;

describe("describePlan", () => {
  it.each([
    [plan("none"), undefined, []],
    [plan("restart", memory), undefined, ["web: restarts, because memory changed (1GiB -> 2GiB)"]],
    [
      plan("migrate", node),
      { ...way, preflight: { state: "possible" } },
      ["web: moves live from a to b, because node changed"],
    ],
    [
      plan("migrate", node),
      { ...way, preflight: { state: "possible", grounds: "b-bbbbbbbb has room" } },
      ["web: moves live from a to b, because node changed", "web: it can move live: b-bbbbbbbb has room"],
    ],
    [
      plan("migrate", node, memory),
      { ...way, preflight: { state: "possible" } },
      [
        "web: moves live from a to b, because node changed; then it restarts there, because memory changed (1GiB -> 2GiB)",
      ],
    ],
    [
      plan("migrate", node),
      { ...way, preflight: { state: "unchecked", reason: "no route" } },
      ["web: moves live from a to b, because node changed (hosts could not be checked: no route)"],
    ],
    [
      plan("migrate", node),
      { ...way, preflight: { state: "refused", reasons: ["it is stopped", "b-bbbbbbbb has no QEMU"] } },
      ["web: cannot move live from a to b:", "web:   - it is stopped", "web:   - b-bbbbbbbb has no QEMU"],
    ],
    [
      plan("migrate", node),
      { ...way, preflight: { state: "refused", reasons: ["QEMU 7.2 on b-bbbbbbbb"], offersCold: true } },
      [
        "web: cannot move live from a to b:",
        "web:   - QEMU 7.2 on b-bbbbbbbb",
        'web: it can move cold: declare migration.mode: "cold" to shut it down, copy its disks and start it there',
      ],
    ],
    [
      plan("migrate", node),
      { ...way, way: "cold", preflight: { state: "possible", grounds: "b-bbbbbbbb has room" } },
      [
        "web: moves cold (shuts down, its disks are copied, it starts there) from a to b, because node changed",
        "web: it can move cold: b-bbbbbbbb has room",
      ],
    ],
    [
      plan("migrate", node),
      { ...way, way: "stopped", preflight: { state: "possible" } },
      ["web: moves while stopped (its disks are copied) from a to b, because node changed"],
    ],
    [
      plan("migrate", node),
      { ...way, way: "stopped", preflight: { state: "refused", reasons: ["no room"] } },
      ["web: cannot move from a to b:", "web:   - no room"],
    ],
    [
      plan("migrate", { field: "node", change: "migrate", reason: "it is on c-cccccccc and declared on a-aaaaaaaa" }),
      { from: "c-cccccccc", to: "a-aaaaaaaa", way: "live", preflight: { state: "possible" } },
      ["web: moves live from c to a, because it is on c-cccccccc and declared on a-aaaaaaaa"],
    ],
    [
      plan("update", { field: "powerState", change: "none", reason: "powerState changed (running -> stopped)" }),
      undefined,
      ["web: shuts down, because powerState changed (running -> stopped)"],
    ],
    [
      plan("update", { field: "powerState", change: "none", reason: "it is crashed and declared running" }),
      undefined,
      ["web: starts, because it is crashed and declared running"],
    ],
    [
      plan("update", { field: "powerState", change: "none", reason: "it is running and declared stopped" }),
      undefined,
      ["web: shuts down, because it is running and declared stopped"],
    ],
    [{ ...plan("none"), warnings: ["disk keeps its data"] }, undefined, ["web: disk keeps its data"]],
  ] as const)("says it in one sentence (%#)", (changes, move, lines) => {
    expect(describePlan("web", changes, move)).toEqual(lines);
  });
});
