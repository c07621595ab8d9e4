// What a changed list of GPUs does to a VM: only the partitions of the host that it is on are in its machine.

import { describePlan } from "../../../../provider/model/changes/describe-plan";
import { compareVm } from "../../../../provider/model/changes/vm-changes";
import { unknownValue } from "../../../../provider/model/inputs/unknown-value";
import type { VMInputs } from "../../../../schema/generated/declared";

const [a, b] = ["a-aaaaaaaa", "b-bbbbbbbb"];
const gpu = (letter: string, node: string = a) => ({ id: letter.repeat(26), node });

function compare(before: unknown, after: unknown, node: string = a) {
  const common = {
    ...{ owner: "o/p/s", logicalName: "web", name: "web", nodeConnection: { host: "h", port: 22, user: "root" } },
    ...{ vcpus: 1, memory: "8GiB", cpu: "portable", disks: [], nics: [], restart: "on-failure" },
    ...{ powerState: "running", allowDataLoss: false },
  };
  const inputs = (gpus: unknown, where: string) => ({ ...common, node: where, gpus }) as unknown as VMInputs;
  return compareVm({ inputs: inputs(before, a), contents: {} }, { inputs: inputs(after, node), contents: {} });
}

describe("the GPUs of a VM that exists", () => {
  it.each([
    ["the same", [gpu("x")], [gpu("x")], ["none"]],
    ["none in a state that is older than the field", undefined, [], ["none"]],
    ["more than its machine has ports for", [], [gpu("x")], ["restart", "its GPUs change (none -> 1)"]],
    ["none any more", [gpu("x"), gpu("y")], [], ["hotplug", "its GPUs change (2 -> none)"]],
    ["another one", [gpu("x")], [gpu("y")], ["hotplug", "its GPUs change (another partition)"]],
    [
      "one more in a machine that has ports for two on another host",
      [gpu("x"), gpu("y", b), gpu("z", b)],
      [gpu("x"), gpu("w")],
      ["hotplug", "its GPUs change (1 -> 2)"],
    ],
    [
      "another order, which no machine has",
      [gpu("x"), gpu("y")],
      [gpu("y"), gpu("x")],
      ["update", "its list of GPUs changes, but for those of its host"],
    ],
    [
      "one of another host, for a move",
      [gpu("x")],
      [gpu("y", b), gpu("x")],
      ["update", "its list of GPUs changes, but for those of its host"],
    ],
    [
      "one that is still to be made",
      [],
      [{ id: unknownValue, node: a }],
      ["restart", "its GPUs change (none -> 1), and are not all known yet"],
    ],
    [
      "one of a host that is not known yet",
      [gpu("x")],
      [gpu("x"), { id: unknownValue, node: unknownValue }],
      ["restart", "its GPUs change (1 -> 2), and are not all known yet"],
    ],
    [
      "one that is still to be made on another host",
      [gpu("x")],
      [gpu("x"), { id: unknownValue, node: b }],
      ["update", "its list of GPUs changes, but for those of its host"],
    ],
    ["a list that is not known yet", [gpu("x")], unknownValue, ["restart", "its GPUs are not known yet"]],
  ])("%s", (_what, before, after, said) => {
    const plan = compare(before, after);
    expect([plan.verdict, ...plan.changes.map(({ reason }) => reason)]).toEqual(said);
    expect(plan.changes.every(({ field }) => field === "gpus")).toBe(true);
  });

  it("change with its host in a move, and restart nothing beside it", () => {
    const plan = compare([gpu("x")], [gpu("x"), gpu("y", b)], b);
    expect(plan.verdict).toBe("migrate");
    expect(plan.changes).toContainEqual({ field: "gpus", change: "none", reason: "its GPUs change with its host" });
  });

  it("come by a restart there where its machine has no port for any", () => {
    const plan = compare([], [gpu("y", b)], b);
    expect(plan.verdict).toBe("migrate");
    expect(plan.changes).toContainEqual({ field: "gpus", change: "restart", reason: "its GPUs change (none -> 1)" });
  });

  it("are said in preview in words", () => {
    expect(describePlan("web", compare([], [gpu("x")]))).toEqual([
      "web: restarts, because its GPUs change (none -> 1)",
    ]);
    expect(describePlan("web", compare([gpu("x")], [gpu("x"), gpu("y", b)]))).toEqual([
      "web: goes on running and is updated, because its list of GPUs changes, but for those of its host",
    ]);
    expect(describePlan("web", compare([gpu("x")], []))).toEqual([
      "web: goes on running and is changed, because its GPUs change (1 -> none)",
    ]);
  });
});
