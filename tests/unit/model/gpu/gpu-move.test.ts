// How a VM's GPUs come along, by what both hosts say.

import {
  type GpusAtDestination,
  type GpusAtSource,
  planGpuMove,
  splitBlockers,
} from "../../../../provider/model/gpu/vm/gpu-move";
import { gpuPortsFor, gpusOnNode } from "../../../../provider/model/gpu/vm/vm-gpus";

const gpu = (letter: string, nodeId: string) => ({ partitionId: letter.repeat(26), nodeId });
const both = [gpu("a", "host-a"), gpu("b", "host-b")];
const vfio = "0000:06:10.0: VFIO migration is not supported in kernel";
const source = (change: Partial<GpusAtSource> = {}): GpusAtSource => ({
  declared: both,
  ports: 1,
  plugged: 1,
  blockers: [vfio],
  ...change,
});
const there = (change: Partial<GpusAtDestination> = {}): GpusAtDestination => ({
  nodeId: "host-b",
  reasons: [],
  free: [],
  ...change,
});

test("a VM without GPUs says nothing of them", () => {
  expect(planGpuMove(source({ declared: [], ports: 0, plugged: 0, blockers: [] }), there(), true)).toEqual({
    way: "none",
    reasons: [],
  });
});

test("what QEMU cannot send is ejected and another plugged in, with QEMU's own reason", () => {
  expect(planGpuMove(source(), there(), true)).toEqual({
    way: "eject",
    reasons: [],
    grounds: `its guest is asked to let go of one GPU (QEMU says: ${vfio}), it moves live, and one GPU there is plugged in`,
  });
});

test("what QEMU can send is carried, as long as as many are there", () => {
  expect(planGpuMove(source({ blockers: [] }), there(), true).way).toBe("carry");
  const two = [...both, gpu("c", "host-b")];
  expect(planGpuMove(source({ declared: two, ports: 2, blockers: [] }), there(), true).way).toBe("eject");
});

test("a host without any of its partitions is refused, with those that are free there", () => {
  const alone = source({ declared: [gpu("a", "host-a")] });
  expect(planGpuMove(alone, there(), true).reasons).toEqual([
    "it has GPUs, and none of those in its `gpus` is on host-b: declare a GpuPartition there and list it too",
  ]);
  expect(planGpuMove(alone, there({ free: ["train (NVIDIA L40S)"] }), false).reasons).toEqual([
    "it has GPUs, and none of those in its `gpus` is on host-b: list one of those that are free there too: train (NVIDIA L40S)",
  ]);
});

test("a machine without a port for it is refused live and not cold", () => {
  const old = source({ ports: 0, plugged: 0, blockers: [] });
  expect(planGpuMove(old, there(), true).reasons).toEqual([
    "its machine has no port and is to have one GPU on host-b: restart it on its host first (powerState), or move it cold",
  ]);
  expect(planGpuMove(old, there(), false)).toEqual({
    way: "none",
    reasons: [],
    grounds: "it starts there with one GPU",
  });
});

test("the other host's own reasons are told with the rest", () => {
  expect(planGpuMove(source(), there({ reasons: ["gpus: it is given already"] }), true).reasons).toEqual([
    "gpus: it is given already",
  ]);
});

test("QEMU's reasons are told apart: those of passed devices, and the others", () => {
  const other = "The virtio-9p device is not migratable";
  expect(splitBlockers([vfio, other, "VFIO device doesn't support migration"])).toEqual({
    gpus: [vfio, "VFIO device doesn't support migration"],
    others: [other],
  });
});

test("a machine has as many ports as it has partitions on any one host", () => {
  expect(gpuPortsFor({ gpus: [...both, gpu("c", "host-b")] })).toBe(2);
  expect(gpuPortsFor({})).toBe(0);
  expect(gpusOnNode({ gpus: both }, "host-b")).toEqual(["b".repeat(26)]);
});
