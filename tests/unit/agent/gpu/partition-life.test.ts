// A partition of each kind from put to release: what the guest would get, and the host exactly as before afterwards.

import { cardWithAudio, displayCard, mdevCard, sriovCard, vendorCard } from "../../../fakes/pci/fake-card";
import { gpuLab, partitionId, put, release, troubleOf } from "./gpu-lab";

test("a whole card: bound to vfio-pci, reported as read back, and on its driver again afterwards", async () => {
  const { pci, restart } = gpuLab();
  pci.plug(displayCard);
  const before = String(pci);
  const host = await restart();
  const report = await put(host, "a", { address: "02:00.0" });
  expect(report).toMatchObject({
    state: "ready",
    mode: "passthrough",
    device: "0000:02:00.0",
    functions: ["0000:02:00.0"],
    iommuGroup: "12",
    vendor: "1234",
    model: "1111",
    liveMigratable: false,
  });
  expect(pci.functions.get("0000:02:00.0")).toMatchObject({ driver: "vfio-pci", override: "vfio-pci" });
  expect(await release(host, "a")).toEqual({ result: "released" });
  expect(String(pci)).toBe(before);
});

test("a card and its audio function go together and come back together", async () => {
  const { pci, restart } = gpuLab();
  pci.plug(...cardWithAudio);
  const before = String(pci);
  const host = await restart();
  expect((await put(host, "a", { vendor: "10de" })).functions).toEqual(["0000:03:00.0", "0000:03:00.1"]);
  expect([...pci.functions.values()].map(({ driver }) => driver)).toEqual(["vfio-pci", "vfio-pci"]);
  await release(host, "a");
  expect(String(pci)).toBe(before);
});

test("an override and a driver of the user's own come back", async () => {
  const { pci, restart } = gpuLab();
  pci.plug({ ...displayCard, hostDriver: "other" });
  const card = pci.functions.get("0000:02:00.0");
  if (card !== undefined) card.override = "other";
  pci.setFile("0000:02:00.0", "driver_override", "other\n");
  const before = String(pci);
  const host = await restart();
  await put(host, "a", { address: "02:00.0" });
  await release(host, "a");
  expect(String(pci)).toBe(before);
});

test("a card without a driver has none afterwards", async () => {
  const { pci, restart } = gpuLab();
  const { hostDriver: _, ...bare } = displayCard;
  pci.plug(bare);
  const host = await restart();
  await put(host, "a", { address: "02:00.0" });
  await release(host, "a");
  expect(pci.functions.get("0000:02:00.0")?.driver).toBeUndefined();
});

test("a VF: all are made without host drivers, one is bound; the last release takes them away", async () => {
  const { pci, restart } = gpuLab();
  pci.plug(sriovCard);
  const before = String(pci);
  const host = await restart();
  const first = await put(host, "a", { address: "01:00.0" });
  expect(first).toMatchObject({ mode: "sriov", device: "0000:01:00.0", functions: ["0000:01:00.1"], iommuGroup: "16" });
  const second = await put(host, "b", { address: "01:00.0", mode: "sriov" });
  expect(second.functions).toEqual(["0000:01:00.2"]);
  expect(pci.functions.get("0000:01:00.0")).toMatchObject({ autoprobe: "0", driver: "nvme" });
  expect(pci.functions.get("0000:01:00.3")?.driver).toBeUndefined();
  await release(host, "a");
  expect(pci.functions.get("0000:01:00.0")?.vfs).toHaveLength(4);
  expect(pci.functions.get("0000:01:00.2")?.driver).toBe("vfio-pci");
  await release(host, "b");
  expect(String(pci)).toBe(before);
});

test("VFs that somebody else made are used, and stay with the driver that they had", async () => {
  const { pci, restart, system } = gpuLab();
  pci.plug(sriovCard);
  await system.run(["tee", "/sys/bus/pci/devices/0000:01:00.0/sriov_numvfs"], { input: "2\n" });
  const before = String(pci);
  const host = await restart();
  expect((await put(host, "a", { address: "0000:01:00.2" })).functions).toEqual(["0000:01:00.2"]);
  expect(await troubleOf(put(host, "b", { address: "01:00.0", vfs: 4 }))).toBe("vf-count-fixed");
  await release(host, "a");
  expect(String(pci)).toBe(before);
});

test("a mediated device: made of its type under a uuid of its own, gone afterwards", async () => {
  const { pci, restart } = gpuLab();
  pci.plug(mdevCard);
  const before = String(pci);
  const host = await restart();
  const report = await put(host, "a", { vendor: "8086", profile: "large" });
  expect(report).toMatchObject({
    mode: "mdev",
    device: "0000:05:00.0",
    functions: [],
    profile: "large",
    iommuGroup: "101",
  });
  expect(pci.mdevs.list()).toEqual([`mdev ${report.mdevUuid} mbochs-large`]);
  await release(host, "a");
  expect(String(pci)).toBe(before);
});

test("a mediated device of a parent that is no PCI function is found by the parent's name", async () => {
  const { pci, restart } = gpuLab({ hasIommu: false });
  pci.mdevs.addVirtualParent("mbochs", { megabytes: 256, types: mdevCard.mdev?.types ?? [] });
  const host = await restart();
  const report = await put(host, "a", { model: "mbochs", profile: "mbochs-small" });
  expect(report).toMatchObject({ mode: "mdev", device: "mbochs", vendor: "virtual", model: "small", state: "ready" });
  expect(pci.mdevs.list()).toHaveLength(1);
  expect(await put(host, "a", { model: "mbochs", profile: "mbochs-small" })).toEqual(report);
  await release(host, "a");
  expect(pci.mdevs.list()).toEqual([]);
});

test("a vendor's driver is let take its VFs also where it was kept from them, which comes back", async () => {
  const { pci, restart, system } = gpuLab();
  pci.plug(vendorCard);
  await system.run(["tee", "/sys/bus/pci/devices/0000:41:00.0/sriov_drivers_autoprobe"], { input: "0\n" });
  const before = String(pci);
  const host = await restart();
  expect(await put(host, "a", { vendor: "10de", profile: "1147" })).toMatchObject({ state: "ready" });
  await release(host, "a");
  expect(String(pci)).toBe(before);
});

test("a vendor's VF: VFs are made, one is given its type and stays on the vendor's driver", async () => {
  const { pci, restart } = gpuLab();
  pci.plug(vendorCard);
  const before = String(pci);
  const host = await restart();
  const first = await put(host, "a", { vendor: "10de", profile: "GPU-1Q" });
  expect(first).toMatchObject({ mode: "vendor-vfio", functions: ["0000:41:00.1"], profile: "LAB GPU-1Q" });
  expect(pci.functions.get("0000:41:00.1")).toMatchObject({ driver: "nvidia", override: "" });
  expect((await put(host, "b", { vendor: "10de", profile: "1147" })).functions).toEqual(["0000:41:00.2"]);
  expect(await troubleOf(put(host, "c", { vendor: "10de", profile: "1148" }))).toBe("profile-full");
  expect(pci.vgpus.list()).toEqual(["vgpu 0000:41:00.1 1147", "vgpu 0000:41:00.2 1147"]);
  await release(host, "a");
  await release(host, "b");
  expect(String(pci)).toBe(before);
});

test("the record is synced before each order to the kernel, with what was there before", async () => {
  const { pci, restart, system } = gpuLab();
  pci.plug(displayCard);
  const host = await restart();
  const path = `/var/lib/leea/gpu-partitions/${partitionId("a")}.json`;
  await put(host, "a", { address: "02:00.0" });
  const firstOrder = system.acts.findIndex((act) => act.startsWith("run tee"));
  expect(system.acts.slice(0, firstOrder)).toContain(`sync ${path}`);
  expect(JSON.parse(system.text(path) ?? "")).toMatchObject({
    phase: "ready",
    functions: [{ address: "0000:02:00.0", vendorId: "1234", deviceId: "1111", driver: "bochs-drm" }],
  });
});

test("a put that is sent twice and a release that is sent twice change nothing more", async () => {
  const { pci, restart } = gpuLab();
  pci.plug(sriovCard, mdevCard, vendorCard);
  const host = await restart();
  const specs = {
    a: { address: "01:00.0" },
    b: { vendor: "8086", profile: "small" },
    c: { vendor: "10de", profile: "1147" },
  };
  for (const [letter, spec] of Object.entries(specs)) {
    const once = await put(host, letter, spec);
    const writes = pci.writes.length;
    expect(await put(host, letter, spec)).toEqual(once);
    expect(pci.writes).toHaveLength(writes);
  }
  for (const letter of Object.keys(specs)) {
    expect(await release(host, letter)).toEqual({ result: "released" });
    const writes = pci.writes.length;
    expect(await release(host, letter)).toEqual({ result: "absent" });
    expect(pci.writes).toHaveLength(writes);
  }
});
