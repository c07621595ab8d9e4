// A declared GPU partition: every mistake at once, each with its field; and what its host is asked for.

import { validateInputs } from "../../../../provider/controller/handlers/validate-inputs";
import { compareGpuPartition } from "../../../../provider/model/changes/gpu-changes";
import { findChanges } from "../../../../provider/model/changes/same-value";
import { checkGpuPartition } from "../../../../provider/model/gpu/inputs/check-gpu-partition";
import { partitionSpecOf, quotaInputs } from "../../../../provider/model/gpu/inputs/partition-spec-of";
import { unknownValue } from "../../../../provider/model/inputs/unknown-value";
import { gpuPartition } from "../../../../schema/gpu-partition";

const good = {
  owner: "o/p/s",
  logicalName: "g",
  name: "g",
  node: "a-aaaaaaaa",
  nodeConnection: { host: "10.0.0.1" },
  device: { address: "01:00.0" },
};

function problemsOf(change: object): Record<string, string> {
  const { values, problems } = validateInputs(gpuPartition, { ...good, ...change });
  return Object.fromEntries([...problems, ...checkGpuPartition(values)].map(({ field, message }) => [field, message]));
}

test("a good one gets its default and has no problem", () => {
  const { values, problems } = validateInputs(gpuPartition, good);
  expect([problems, values["mode"]]).toEqual([[], "auto"]);
  expect(problemsOf({ device: { vendor: "nvidia", model: "H200" }, profile: "H200X-141C" })).toEqual({});
  expect(problemsOf({ mode: "sriov", vfs: 4 })).toEqual({});
});

test.each<[string, object, readonly string[]]>([
  ["no device", { device: undefined }, ["device"]],
  ["a device that says nothing", { device: {} }, ["device"]],
  ["an address and a vendor", { device: { address: "01:00.0", vendor: "nvidia" } }, ["device.vendor"]],
  ["a bad address", { device: { address: "gpu0" } }, ["device.address"]],
  ["an address with an option", { device: { address: "0000:01:00.0,x-vga=on" } }, ["device.address"]],
  ["a vendor of two words", { device: { vendor: "nvidia corp" } }, ["device.vendor"]],
  ["an unknown mode", { mode: "vgpu" }, ["mode"]],
  ["mdev without a type", { mode: "mdev" }, ["profile"]],
  ["vendor-vfio without a type", { mode: "vendor-vfio" }, ["profile"]],
  ["a type for the whole card", { mode: "passthrough", profile: "L40S-1Q" }, ["profile"]],
  ["a type for a plain VF", { mode: "sriov", profile: "L40S-1Q" }, ["profile"]],
  ["VFs of the whole card", { mode: "passthrough", vfs: 2 }, ["vfs"]],
  ["no VF at all", { mode: "sriov", vfs: 0 }, ["vfs"]],
  ["a type and a number of VFs", { profile: "x", vfs: 2 }, ["vfs"]],
  ["a type of two lines", { profile: "a\nb" }, ["profile"]],
  ["a field of another resource", { vcpus: 1 }, ["vcpus"]],
  ["several mistakes", { mode: "passthrough", vfs: 2, profile: "x", device: {} }, ["device", "profile", "vfs"]],
])("%s is told", (_, change, fields) => {
  expect(Object.keys(problemsOf(change)).sort()).toEqual(fields);
});

test("what is not known yet is no mistake", () => {
  const unknown = { address: unknownValue };
  expect(problemsOf({ mode: unknownValue, profile: unknownValue, device: unknown, node: unknownValue })).toEqual({});
  expect(problemsOf({ device: unknownValue })).toEqual({});
  expect(problemsOf({ device: { address: unknownValue, vendor: "nvidia" } })).toEqual({});
  expect(problemsOf({ device: { address: "01:00.0", vendor: unknownValue } })).toEqual({});
  for (const mode of ["passthrough", "mdev"]) expect(problemsOf({ mode, profile: unknownValue })).toEqual({});
});

test("the host is asked in the kernel's spelling, and only for what was said", () => {
  const spec = partitionSpecOf({ name: "g", device: { address: "C1:00.0" }, mode: "auto" });
  expect(spec).toEqual({ name: "g", mode: "auto", address: "0000:c1:00.0" });
  const device = { vendor: "nvidia", model: "H200", label: "Slot 4" };
  expect(partitionSpecOf({ name: "g", device, mode: "mdev", profile: "x", vfs: 2 })).toEqual({
    name: "g",
    mode: "mdev",
    vendor: "nvidia",
    model: "H200",
    label: "Slot 4",
    profile: "x",
    vfs: 2,
  });
});

test("every field of its make replaces it, and none of the others", () => {
  const changed = {
    ...good,
    owner: "x/y/z",
    name: "h",
    node: "b-bbbbbbbb",
    device: { address: "02:00.0" },
    mode: "sriov",
    profile: "x",
    vfs: 3,
    nodeConnection: { host: "10.0.0.2" },
  };
  const changes = findChanges(gpuPartition.inputs, good, changed);
  const replacing = changes.filter(({ change }) => change === "replace").map(({ field }) => field);
  expect(replacing).toEqual(["node", "device.address", "mode", "profile", "vfs"]);
  expect(changes.filter(({ change }) => change !== "replace" && change !== "none")).toEqual([]);
});

describe("a quota", () => {
  const quota = { vram: "2GiB", executionQuantum: "20ms", preemptTimeout: "1s", priority: "normal" } as const;

  test("is asked for in the host's units, and told in the declaration's", () => {
    const spec = partitionSpecOf({ name: "g", device: {}, mode: "sriov", quota });
    const numbers = { vramBytes: 2 ** 31, executionQuantumMs: 20, preemptTimeoutUs: 1_000_000, priority: "normal" };
    expect(spec.quota).toEqual(numbers);
    expect(quotaInputs(spec.quota ?? {})).toEqual(quota);
    expect(partitionSpecOf({ name: "g", device: {}, mode: "sriov", quota: {} })).not.toHaveProperty("quota");
  });

  test.each<[string, object, readonly string[]]>([
    ["of the whole card", { mode: "passthrough", quota }, ["quota"]],
    ["beside a type", { profile: "x", quota }, ["quota"]],
    ["of a mediated device", { mode: "mdev", profile: "x", quota }, ["quota"]],
    ["without a unit", { quota: { vram: "2" } }, ["quota.vram"]],
    ["of no memory", { quota: { vram: "0B" } }, ["quota.vram"]],
    ["of another word", { quota: { priority: "urgent" } }, ["quota.priority"]],
    ["for VFs", { mode: "sriov", vfs: 2, quota }, []],
    ["for what is best", { quota }, []],
  ])("%s is told where it is wrong", (_, change, fields) => {
    expect(Object.keys(problemsOf(change))).toEqual(fields);
  });

  test.each<[string, object | undefined, object | undefined, string, string]>([
    ["memory replaces it", quota, { ...quota, vram: "4GiB" }, "replace", "quota.vram"],
    ["memory that comes replaces it", undefined, { vram: "4GiB" }, "replace", "quota.vram"],
    ["a quota of memory that goes replaces it", { vram: "4GiB" }, undefined, "replace", "quota.vram"],
    ["times do not", quota, { ...quota, executionQuantum: "30ms" }, "none", "quota.executionQuantum"],
    ["times that come do not", undefined, { preemptTimeout: "30ms" }, "none", "quota.preemptTimeout"],
    ["a quota of times that goes does not", { priority: "low" }, undefined, "none", "quota.priority"],
  ])("%s", (_, before, after, ...expected) => {
    const values = (declared: object | undefined) => ({
      ...good,
      ...(declared === undefined ? {} : { quota: declared }),
    });
    const { changes } = compareGpuPartition(values(before), values(after), "ready");
    expect(changes.map(({ field, change }) => [change, field])).toEqual([expected]);
  });

  test("the same in another unit is no change", () => {
    const same = compareGpuPartition({ ...good, quota }, { ...good, quota: { ...quota, vram: "2048MiB" } }, "ready");
    expect(same.changes).toEqual([]);
  });
});
