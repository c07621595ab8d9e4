// The steps that are played on real hardware, played on the fake bus; and the system that may only be looked at.

import { listGpus } from "../../../provider/agent/gpu/answer-gpus";
import { loadPartitionRecords } from "../../../provider/agent/gpu/record/partition-records";
import { displayCard, mdevCard, sriovCard, vendorCard, xeCard } from "../../fakes/pci/fake-card";
import { playPartition } from "../../gpu-host/real/partition-sequence";
import { readOnlySystem } from "../../gpu-host/real/read-only-system";
import { gpuLab, put } from "../agent/gpu/gpu-lab";

test.each([
  ["a whole card", { address: "0000:02:00.0" }, "passthrough"],
  ["a VF", { address: "0000:01:00.0" }, "sriov"],
  ["a mediated device", { address: "0000:05:00.0", profile: "small" }, "mdev"],
  ["a typed VF", { address: "0000:41:00.0", profile: "1147" }, "vendor-vfio"],
])("%s is claimed, bound, told, released, and the host is as it was", async (_, spec, mode) => {
  const { pci, restart } = gpuLab();
  pci.plug(displayCard, sriovCard, mdevCard, vendorCard);
  const before = String(pci);
  const played = await playPartition(restart, { name: "real", mode: "auto", ...spec });
  expect(played.made).toMatchObject({ state: "ready", mode });
  expect(played.again).toEqual(played.made);
  expect([played.toldWhileThere, played.toldAfterwards]).toEqual([true, false]);
  expect(String(pci)).toBe(before);
});

test("a device that cannot be had is not touched; one that fails half-way is given back", async () => {
  const { pci, restart } = gpuLab();
  pci.plug({ ...displayCard, classCode: "030000", isBootDisplay: true }, sriovCard);
  const before = String(pci);
  await expect(playPartition(restart, { name: "real", mode: "auto", address: "0000:02:00.0" })).rejects.toThrow(
    /boot_vga is 1/,
  );
  expect(pci.writes).toEqual([]);
  pci.unwilling.add("vfio-pci");
  await expect(playPartition(restart, { name: "real", mode: "auto", address: "0000:01:00.0" })).rejects.toThrow(
    /did not take it/,
  );
  expect(String(pci)).toBe(before);
});

test("a system that may only be looked at tells the inventory and refuses a partition before its first act", async () => {
  const { pci, restart, system } = gpuLab();
  pci.plug(displayCard, vendorCard, xeCard);
  const host = await restart();
  const ran: string[] = [];
  const ctx = { ...host.ctx, system: readOnlySystem(system, (words) => void ran.push(words)) };
  const looked = { ...host, ctx, records: await loadPartitionRecords(ctx) };
  expect((await listGpus(looked)).gpus).toEqual((await listGpus(host)).gpus);
  expect(ran.every((words) => /^(cat|stat) /.test(words))).toBe(true);
  const count = pci.writes.length;
  await expect(put(looked, "a", { address: "02:00.0" })).rejects.toThrow("was to write a file");
  expect(pci.writes).toHaveLength(count);
});
