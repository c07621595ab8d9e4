// AMD's gim makes VFs when it is loaded: what it made is found and handed out, and neither number nor autoprobe is ever written.

import { checkPartition } from "../../../../provider/agent/gpu/answer-gpus";
import { type FakeFunction, sriovCard } from "../../../fakes/pci/fake-card";
import { type GpuLab, gpuLab, partitionId, put, release, troubleOf } from "./gpu-lab";

const gimCard: FakeFunction = {
  ...sriovCard,
  address: "0000:c1:00.0",
  vendor: "1002",
  device: "74a1",
  hostDriver: "gim",
  sriov: { total: 8, vfDevice: "74b5", firstGroup: 30, driverHasHook: false },
};

/** A host on which gim was loaded with this `vf_num`. */
async function gimLab(vfs: number): Promise<GpuLab & { readonly before: string }> {
  const lab = gpuLab();
  lab.pci.plug(gimCard);
  const card = lab.pci.functions.get(gimCard.address);
  if (card !== undefined && vfs > 0) await lab.pci.vfs.set(card, vfs);
  return { ...lab, before: String(lab.pci) };
}

const touched = ({ pci }: GpuLab) => pci.writes.filter((line) => /sriov_(numvfs|drivers_autoprobe)/.test(line));

test("its VFs are handed out one by one and go back as they were", async () => {
  const lab = await gimLab(2);
  const host = await lab.restart();
  expect(await put(host, "a", { vendor: "1002" })).toMatchObject({ mode: "sriov", functions: ["0000:c1:00.1"] });
  expect(await put(host, "b", { vendor: "1002", vfs: 2 })).toMatchObject({ functions: ["0000:c1:00.2"] });
  expect(await troubleOf(put(host, "c", { vendor: "1002", mode: "sriov" }))).toBe("no-free-vf");
  for (const letter of ["a", "b"]) await release(host, letter);
  expect(touched(lab)).toEqual([]);
  expect(String(lab.pci)).toBe(lab.before);
});

test("another number is refused in preview, and so are VFs where it made none", async () => {
  const lab = await gimLab(2);
  const spec = { name: "a", vendor: "1002", mode: "sriov" as const };
  const { troubles } = await checkPartition(await lab.restart(), partitionId("a"), { ...spec, vfs: 8 });
  expect(troubles).toEqual(["vf-count-fixed"]);
  const bare = await gimLab(0);
  const { troubles: none, reasons } = await checkPartition(await bare.restart(), partitionId("a"), spec);
  expect([none, reasons[0]]).toEqual([["driver-without-sriov"], expect.stringContaining("vf_num")]);
  expect([...touched(lab), ...touched(bare)]).toEqual([]);
});

test("after a boot without them nothing is written either, and they are used again once gim makes them", async () => {
  const lab = await gimLab(2);
  const spec = { vendor: "1002", mode: "sriov" as const };
  await put(await lab.restart(), "a", spec);
  lab.pci.reboot();
  expect(await troubleOf(put(await lab.restart(), "a", spec))).toBe("driver-without-sriov");
  expect(touched(lab)).toEqual([]);
  const card = lab.pci.functions.get(gimCard.address);
  if (card !== undefined) await lab.pci.vfs.set(card, 2);
  const host = await lab.restart();
  expect(await put(host, "a", spec)).toMatchObject({ state: "ready" });
  await release(host, "a");
  expect(touched(lab)).toEqual([]);
  expect(String(lab.pci)).toBe(lab.before);
});
