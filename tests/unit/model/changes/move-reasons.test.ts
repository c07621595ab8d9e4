// Why a VM cannot move: every reason at once.

import {
  describeMoveGrounds,
  findColdReasons,
  findMoveReasons,
  type MoveDestination,
  type MoveSource,
} from "../../../../provider/model/changes/move-reasons";

const source: MoveSource = {
  nodeId: "a-aaaaaaaa",
  state: "running",
  accelerator: "kvm",
  machine: "pc-q35-9.2",
  cpuModel: "Nehalem",
  qemuVersion: "9.2.0",
  vcpus: 2,
  memoryBytes: 2 ** 30,
  diskBytes: 2 ** 33,
  meshId: "00",
  blockers: [],
};
const destination: MoveDestination = {
  nodeId: "b-bbbbbbbb",
  reachableInMesh: true,
  meshId: "00",
  qemuVersion: "10.0.2",
  machines: ["pc-q35-9.2", "pc-q35-10.0"],
  accelerators: ["kvm", "tcg"],
  availableMemoryBytes: 2 ** 32,
  cpus: 4,
  storageFreeBytes: 2 ** 36,
  missingBridges: [],
};

describe("findMoveReasons", () => {
  it("finds none between two equal hosts", () => {
    expect(findMoveReasons(source, destination)).toEqual([]);
  });

  it.each([
    [{ state: "stopped" }, {}, "only a running VM can move live"],
    [{}, { nodeId: "a-aaaaaaaa" }, "it is on a-aaaaaaaa already"],
    [{}, { holds: "abandoned 3" }, "holds a record of it"],
    [{}, { meshId: undefined }, "is in no mesh"],
    [{}, { meshId: "11" }, "another mesh"],
    [{}, { reachableInMesh: false }, "cannot be reached"],
    [{}, { qemuVersion: undefined }, "has no QEMU"],
    [{}, { machines: ["pc-q35-7.2"] }, "does not know its machine type pc-q35-9.2"],
    [{}, { accelerators: ["tcg"] }, "it runs with kvm, and b-bbbbbbbb has tcg"],
    [{ cpuModel: "host,migratable=on" }, {}, 'cpu: "portable" can move'],
    [{ accelerator: "tcg", qemuVersion: "7.2.19" }, {}, "QEMU 7.2.19 on a-aaaaaaaa damages"],
    [{ accelerator: "tcg" }, { qemuVersion: "8.2.0" }, "QEMU 8.2.0 on b-bbbbbbbb damages"],
    [{}, { availableMemoryBytes: 2 ** 29 + 7 }, "it has 1GiB of memory, and b-bbbbbbbb has 512MiB free"],
    [
      { cpuModel: "Nehalem,vendor=GenuineIntel" },
      { cpuVendor: "AuthenticAMD" },
      "make GenuineIntel, and b-bbbbbbbb has AuthenticAMD",
    ],
    [{}, { storageFreeBytes: 100 }, "its disks need 8GiB, and b-bbbbbbbb has 100B free"],
    [{}, { cpus: 1 }, "2 virtual processors"],
    [{}, { missingBridges: ["br0"] }, 'b-bbbbbbbb has no bridge "br0"'],
    [{ blockers: ["disk root is being mirrored"] }, {}, "disk root is being mirrored"],
  ] as const)("#24 refuses %j to %j", (left, right, text) => {
    const reasons = findMoveReasons({ ...source, ...left }, { ...destination, ...right });
    expect(reasons).toHaveLength(1);
    expect(reasons[0]).toContain(text);
  });

  it("gives all reasons together", () => {
    const reasons = findMoveReasons(
      { ...source, state: "stopped" },
      { ...destination, machines: [], cpus: 1, storageFreeBytes: 0, missingBridges: ["br0"] },
    );
    expect(reasons).toHaveLength(5);
  });
});

test("why it can move is told with what the hosts said", () => {
  expect(describeMoveGrounds(source, destination)).toBe(
    "b-bbbbbbbb is reached in the mesh, its QEMU 10.0.2 knows the machine type pc-q35-9.2 and runs kvm, it has room for 1GiB of memory and 8GiB of disk",
  );
});

describe("findColdReasons", () => {
  const cold = { ...source, coldBlockers: [] };

  it.each([
    ["every feature of its host's CPU", { cpuModel: "host,migratable=on" }],
    ["a QEMU that damages a busy guest's memory", { accelerator: "tcg", qemuVersion: "7.2.19" }],
    ["a device that QEMU cannot move live", { blockers: ["QEMU says: no"] }],
    ["no guest that runs", { state: "stopped" }],
  ] as const)("does not mind %s", (_what, change) => {
    expect(findMoveReasons({ ...cold, ...change }, destination)).toHaveLength(1);
    expect(findColdReasons({ ...cold, ...change }, destination)).toEqual([]);
  });

  it.each([
    [{}, { meshId: "11" }, "another mesh"],
    [{}, { machines: ["pc-q35-7.2"] }, "does not know its machine type"],
    [{}, { accelerators: ["tcg"] }, "it runs with kvm"],
    [{}, { storageFreeBytes: 100 }, "its disks need 8GiB"],
    [{}, { missingBridges: ["br0"] }, "has no bridge"],
    [{ coldBlockers: ["its record says released"] }, {}, "its record says released"],
  ] as const)("still refuses %j to %j", (left, right, text) => {
    expect(findColdReasons({ ...cold, ...left }, { ...destination, ...right }).join()).toContain(text);
  });
});
