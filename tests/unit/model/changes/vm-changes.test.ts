// What a changed declaration does to a VM: the verdict, and the reason that preview shows.

import { asMoveBack, asPowerBack, compareVm } from "../../../../provider/model/changes/vm-changes";
import { unknownValue } from "../../../../provider/model/inputs/unknown-value";
import type { VMInputs } from "../../../../schema/generated/declared";

const connection = { host: "10.0.0.1", port: 22, user: "root" };
const base: VMInputs = {
  owner: "o/p/s",
  logicalName: "web",
  name: "web",
  node: "a-aaaaaaaa",
  nodeConnection: connection,
  vcpus: 1,
  memory: "8GiB",
  cpu: "portable",
  disks: [
    { name: "root", size: "20GiB", image: "./noble.qcow2" },
    { name: "data", size: "10GiB" },
  ],
  nics: [{ mesh: { ingress: [] } }],
  gpus: [],
  restart: "on-failure",
  powerState: "running",
  allowDataLoss: false,
};

function compare(
  change: Partial<Record<keyof VMInputs, unknown>>,
  contents: [Record<string, string>, Record<string, string>] = [{}, {}],
) {
  return compareVm(
    { inputs: base, contents: contents[0] },
    { inputs: { ...base, ...change } as VMInputs, contents: contents[1] },
  );
}

describe("compareVm", () => {
  it.each([
    ["nothing", {}, "none", []],
    ["memory in another unit", { memory: "8192MiB" }, "none", []],
    ["a default written out", { nics: [{ mesh: {} }] }, "none", []],
    ["the default migration written out", { migration: undefined }, "none", []],
    ["a renamed stack", { owner: "o/p/t", logicalName: "other" }, "none", []],
    ["memory", { memory: "2GiB" }, "restart", ["memory changed (8GiB -> 2GiB)"]],
    ["vcpus", { vcpus: 2 }, "restart", ["vcpus changed (1 -> 2)"]],
    ["the node", { node: "b-bbbbbbbb" }, "migrate", ["node changed (a-aaaaaaaa -> b-bbbbbbbb)"]],
    [
      "the way to the node only",
      { nodeConnection: { ...connection, port: 2222 } },
      "update",
      ["nodeConnection.port changed (22 -> 2222)"],
    ],
    [
      "a bridge",
      { nics: [{ bridge: "br0" }] },
      "restart",
      ["nics[0].mesh changed (set -> not set)", "nics[0].bridge changed (not set -> br0)"],
    ],
    [
      "who may connect",
      { nics: [{ mesh: { ingress: [{ from: "nodes", protocol: "any" }] } }] },
      "update",
      ["nics[0].mesh.ingress changed (0 items -> 1 item)"],
    ],
    [
      "how it moves",
      { migration: { downtimeLimit: "30ms", mode: "cold" } },
      "update",
      ["migration changed (not set -> set)"],
    ],
    ["when it restarts", { restart: "always" }, "update", ["restart changed (on-failure -> always)"]],
    ["the power", { powerState: "stopped" }, "update", ["powerState changed (running -> stopped)"]],
    ["a host that is not known yet", { node: unknownValue }, "migrate", ["node is not known yet"]],
  ] as const)("judges a change of %s", (_what, change, verdict, reasons) => {
    const result = compare(change);
    expect({
      verdict: result.verdict,
      reasons: result.changes.map(({ reason }) => reason),
      problems: result.problems,
    }).toEqual({ verdict, reasons, problems: [] });
  });

  it("says migrate where the node and the memory change, and keeps both reasons", () => {
    const result = compare({ node: "b-bbbbbbbb", memory: "2GiB" });
    expect(result.verdict).toBe("migrate");
    expect(result.changes.map(({ change }) => change)).toEqual(["migrate", "restart"]);
  });

  it("restarts for a grown and for an added disk, known by its name", () => {
    const disks = [base.disks[0], { name: "data", size: "12GiB" }, { name: "log", size: "1GiB" }];
    const result = compare({ disks });
    expect(result.verdict).toBe("restart");
    expect(result.changes.map(({ reason }) => reason)).toEqual([
      'disk "data" grows (10GiB -> 12GiB)',
      'disk "log" is added',
    ]);
  });

  it("refuses to shrink a disk and to drop one that holds data, both at once", () => {
    const result = compare({ disks: [{ name: "root", size: "1GiB", image: "./noble.qcow2" }] });
    expect(result.problems).toEqual([
      { field: "disks[0].size", message: 'disk "root" has 20GiB and never shrinks; write 20GiB or more' },
      {
        field: "disks",
        message: 'disk "data" holds data and is not declared any more; set allowDataLoss: true to lose it',
      },
    ]);
  });

  it("drops a disk where the loss is allowed", () => {
    const result = compare({ disks: [base.disks[0]], allowDataLoss: true });
    expect(result.problems).toEqual([]);
    expect(result.verdict).toBe("restart");
  });

  it("only warns of a changed image, because a disk keeps its data", () => {
    const result = compare({ disks: [{ name: "root", size: "20GiB", image: "./other.qcow2" }, base.disks[1]] });
    expect(result.verdict).toBe("none");
    expect(result.warnings).toEqual(['disk "root" keeps its data: an image fills a disk only when it is made']);
  });

  it("restarts for a kernel of the same path and other content", () => {
    const boot = { kernel: "./vmlinuz", cmdline: "" };
    const before = { inputs: { ...base, boot }, contents: { "boot.kernel": "11" } };
    expect(compareVm(before, { inputs: { ...base, boot }, contents: { "boot.kernel": "22" } }).changes).toEqual([
      { field: "boot.kernel", change: "restart", reason: "boot.kernel changed (same path, other content)" },
    ]);
    expect(compareVm(before, { inputs: { ...base, boot }, contents: {} }).verdict).toBe("none");
  });

  it("never replaces, whatever changes", () => {
    for (const field of Object.keys(base) as (keyof VMInputs)[])
      expect(compare({ [field]: unknownValue }).verdict).not.toBe("replace");
  });

  it("says why a VM that was moved by hand moves back", () => {
    expect(asMoveBack(base, "c-cccccccc").reason).toBe("it is on c-cccccccc and declared on a-aaaaaaaa");
  });
});

describe("asPowerBack", () => {
  it("starts what has crashed or was powered off, and stops what is declared stopped", () => {
    const reason = (state: string, powerState: "running" | "stopped") =>
      asPowerBack({ ...base, powerState }, state)?.reason;
    expect(reason("crashed", "running")).toBe("it is crashed and declared running");
    expect(reason("stopped", "running")).toBe("it is stopped and declared running");
    expect(reason("running", "stopped")).toBe("it is running and declared stopped");
  });

  it.each([
    ["running", "running"],
    ["stopped", "stopped"],
    ["crashed", "stopped"],
    ["moving", "running"],
    ["unreachable", "running"],
    [undefined, "running"],
  ] as const)("leaves alone what is %s and declared %s", (state, powerState) => {
    expect(asPowerBack({ ...base, powerState }, state)).toBeUndefined();
  });
});
