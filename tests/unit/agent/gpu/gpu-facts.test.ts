// A host's GPUs as facts of the host: what each can be had as, unmoved by leea's own partitions and by who opens a device.

import { readGpuFacts } from "../../../../provider/agent/gpu/inventory/read-gpu-facts";
import { givePartition } from "../../../../provider/agent/gpu/partition/hold-partition";
import { outputsOfNode } from "../../../../provider/controller/handlers/mesh-node/node-outputs";
import type { NodeReport } from "../../../../provider/protocol/node";
import { cardWithAudio, displayCard, mdevCard, sriovCard, vendorCard, xeCard } from "../../../fakes/pci/fake-card";
import { type GpuLab, gpuLab, partitionId, put, release } from "./gpu-lab";

async function factsOf({ restart }: GpuLab) {
  const host = await restart();
  return readGpuFacts(host.ctx, host.records.all());
}

test("each GPU is told with its driver, its group and the modes in which it can be had, and why not otherwise", async () => {
  const lab = gpuLab();
  lab.pci.plug({ ...displayCard, classCode: "030000", isBootDisplay: true }, sriovCard, vendorCard);
  expect(await factsOf(lab)).toEqual([
    {
      address: "0000:01:00.0",
      vendor: "1b36",
      model: "0010",
      driver: "nvme",
      iommuGroup: "11",
      modes: ["passthrough", "sriov"],
      usedByHost: false,
      against: [],
    },
    {
      address: "0000:02:00.0",
      vendor: "1234",
      model: "1111",
      driver: "bochs-drm",
      iommuGroup: "12",
      modes: [],
      usedByHost: true,
      against: [
        "not passthrough: the host uses 0000:02:00.0: it is the display that the firmware booted with (boot_vga is 1)",
      ],
    },
    {
      address: "0000:41:00.0",
      vendor: "10de",
      model: "2335",
      driver: "nvidia",
      iommuGroup: "41",
      modes: ["passthrough", "vendor-vfio"],
      usedByHost: false,
      against: ["not sriov: VFs of 0000:41:00.0 (10de:2335) need a type"],
    },
  ]);
});

test("they are the same while partitions are made, held by a guest and released, and after a boot", async () => {
  const lab = gpuLab();
  lab.pci.plug(...cardWithAudio, sriovCard, vendorCard, mdevCard);
  lab.known.add("web");
  const before = await factsOf(lab);
  const specs = {
    a: { address: "03:00.0" },
    b: { address: "01:00.0" },
    c: { vendor: "10de", address: "41:00.0", profile: "1147" },
    d: { vendor: "8086", profile: "large" },
  };
  for (const [letter, spec] of Object.entries(specs)) {
    const host = await lab.restart();
    await put(host, letter, spec);
    await givePartition(host, partitionId(letter), { kind: "vm", id: "web" });
    expect(await factsOf(lab)).toEqual(before);
  }
  const pid = await lab.pci.hold("/dev/vfio/13");
  expect(await factsOf(lab)).toEqual(before);
  lab.system.end(pid);
  lab.pci.reboot();
  expect(await factsOf(lab)).toEqual(before);
  lab.known.clear();
  for (const letter of Object.keys(specs)) await release(await lab.restart(), letter);
  expect(await factsOf(lab)).toEqual(before);
});

test("a card that a partition has as a whole is told with the driver to which it goes back", async () => {
  const lab = gpuLab();
  lab.pci.plug(displayCard);
  await put(await lab.restart(), "a", { address: "02:00.0" });
  expect(await factsOf(lab)).toMatchObject([{ driver: "bochs-drm", modes: ["passthrough"], usedByHost: false }]);
});

test("the order in which the kernel lists devices does not show", async () => {
  const lab = gpuLab();
  lab.pci.plug(vendorCard, displayCard, sriovCard, { ...xeCard, address: "0001:01:00.0" });
  const facts = await factsOf(lab);
  const list = lab.system.list.bind(lab.system);
  lab.system.list = async (path) => [...(await list(path))].reverse();
  expect(await factsOf(lab)).toEqual(facts);
  expect(facts?.map(({ address }) => address)).toEqual([
    "0000:01:00.0",
    "0000:02:00.0",
    "0000:41:00.0",
    "0001:01:00.0",
  ]);
});

test("VFs that somebody else made are the host's", async () => {
  const lab = gpuLab();
  lab.pci.plug(sriovCard);
  await lab.system.run(["tee", "/sys/bus/pci/devices/0000:01:00.0/sriov_numvfs"], { input: "2\n" });
  const facts = await factsOf(lab);
  expect(facts).toMatchObject([{ modes: ["sriov"], against: ["not passthrough: 0000:01:00.0 is split into 2 VFs"] }]);
  await put(await lab.restart(), "a", { address: "01:00.0" });
  expect(await factsOf(lab)).toEqual(facts);
});

test("a host without a GPU has none, and is asked for no processes, programs or names", async () => {
  const lab = gpuLab();
  const read: string[] = [];
  lab.system.beforeRead = (path) => void read.push(path);
  const { acts } = lab.system;
  const count = acts.length;
  expect(await factsOf(lab)).toEqual([]);
  expect(read).toEqual([]);
  expect(acts).toHaveLength(count);
});

test("a host with other devices alone is asked for their classes and nothing more", async () => {
  const lab = gpuLab();
  lab.pci.plug({ ...sriovCard, classCode: "010802" });
  const read: string[] = [];
  lab.system.beforeRead = (path) => void read.push(path);
  expect(await factsOf(lab)).toEqual([]);
  expect(read).toEqual(["/sys/bus/pci/devices/0000:01:00.0/class"]);
});

test("what cannot be read leaves the facts out and is logged", async () => {
  const lab = gpuLab();
  lab.pci.plug(displayCard);
  lab.system.beforeRead = (path) => {
    if (path.endsWith("/vendor")) throw Object.assign(new Error("EACCES"), { code: "EACCES" });
  };
  expect(await factsOf(lab)).toBeUndefined();
  expect(lab.log).toContain("warn gpu-facts-unread");
});

test("they are an output of the host; an older agent that does not tell them has none", async () => {
  const lab = gpuLab();
  lab.pci.plug(displayCard);
  const report = { identity: {}, links: [], bundleHash: "0" } as unknown as NodeReport;
  expect(outputsOfNode(report).gpus).toEqual([]);
  const gpus = (await factsOf(lab)) ?? [];
  expect(outputsOfNode({ ...report, gpus }).gpus).toEqual(gpus);
  expect(gpus).toHaveLength(1);
});
