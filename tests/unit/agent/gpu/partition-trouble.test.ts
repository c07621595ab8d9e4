// What goes wrong on real hosts: devices in use, drivers that say no, orders that never come back, claims of others. A host
// is left as it was, or its record says what is left to do.

import { listGpus } from "../../../../provider/agent/gpu/answer-gpus";
import { givePartition, takeBackPartition } from "../../../../provider/agent/gpu/partition/hold-partition";
import { mdevUuidOf } from "../../../../provider/agent/gpu/partition/mdev-uuid";
import { recoverPartitions } from "../../../../provider/agent/gpu/recover-partitions";
import type { PartitionSpec } from "../../../../provider/model/gpu/partition-record";
import { cardWithAudio, displayCard, mdevCard, sriovCard, vendorCard } from "../../../fakes/pci/fake-card";
import { type GpuLab, gpuLab, partitionId, put, release, troubleOf } from "./gpu-lab";

const whole = { address: "02:00.0" };
const vm = (id: string) => ({ kind: "vm", id }) as const;

describe("a device that is in use", () => {
  test("a card that the host shows its console on is refused with the evidence, and not touched", async () => {
    const { pci, restart, system } = gpuLab();
    pci.plug({ ...displayCard, classCode: "030000", isBootDisplay: true });
    system.links.set("/sys/class/drm/card0-HDMI-A-1", "../../devices/pci0000:00/0000:00:02.0/0000:02:00.0/drm/card0/x");
    system.put("/sys/class/drm/card0-HDMI-A-1/enabled", "enabled\n");
    const act = put(await restart(), "a", whole);
    await expect(act).rejects.toMatchObject({
      code: "PREFLIGHT_FAILED",
      message: expect.stringMatching(/boot_vga is 1.*shows a picture on card0-HDMI-A-1/),
    });
    expect(pci.writes).toEqual([]);
  });

  test("a disk controller with the host's root on it and an interface that is up are refused", async () => {
    const { pci, restart, system } = gpuLab();
    const nvme = { ...displayCard, address: "0000:06:00.0", classCode: "010802", group: "26" };
    const nic = { ...displayCard, address: "0000:07:00.0", classCode: "020000", group: "27" };
    pci.plug(nvme, nic);
    system.links.set(
      "/sys/class/block/nvme0n1p1",
      "../../devices/virtual/nvme-subsystem/nvme-subsys0/nvme0n1/nvme0n1p1",
    );
    system.put("/sys/class/block/nvme0n1p1/dev", "259:1\n");
    system.put("/sys/class/nvme-subsystem/nvme-subsys0/nvme0/x", "");
    system.links.set("/sys/class/nvme/nvme0", "../../devices/pci0000:00/0000:06:00.0/nvme/nvme0");
    system.put("/proc/self/mountinfo", "22 1 259:1 / / rw,relatime shared:1 - ext4 /dev/root rw\n");
    system.links.set("/sys/class/net/eth0", "../../devices/pci0000:00/0000:07:00.0/net/eth0");
    system.put("/sys/class/net/eth0/flags", "0x1003\n");
    const host = await restart();
    await expect(put(host, "a", { address: "06:00.0" })).rejects.toMatchObject({
      message: expect.stringContaining("the host uses its disk nvme0n1p1 (mounted on /)"),
    });
    await expect(put(host, "b", { address: "07:00.0" })).rejects.toMatchObject({
      message: expect.stringContaining("its network interface eth0 is up"),
    });
  });

  test("a card that a program has open is refused with pid and program", async () => {
    const { pci, restart, system } = gpuLab();
    pci.plug(displayCard);
    const pid = await pci.hold("/dev/dri/card1");
    system.links.set("/sys/class/drm/card1", "../../devices/pci0000:00/0000:00:02.0/0000:02:00.0/drm/card1");
    await expect(put(await restart(), "a", whole)).rejects.toMatchObject({
      message: expect.stringContaining(`holder (pid ${pid}) has /dev/dri/card1 open`),
    });
  });

  test("a release under a running guest is refused with its pid before anything is written", async () => {
    const { pci, restart } = gpuLab();
    pci.plug(displayCard);
    const host = await restart();
    await put(host, "a", whole);
    const pid = await pci.hold("/dev/vfio/12");
    const writes = pci.writes.length;
    await expect(release(host, "a")).rejects.toMatchObject({ message: expect.stringContaining(`(pid ${pid})`) });
    expect(pci.writes).toHaveLength(writes);
    expect(host.records.get(partitionId("a"))?.phase).toBe("ready");
    pci.system.end(pid);
    expect(await release(host, "a")).toEqual({ result: "released" });
  });

  test("a VF, a mediated device and a vendor's VF that a guest has are not released either", async () => {
    const { pci, restart } = gpuLab();
    pci.plug(sriovCard, mdevCard, vendorCard);
    const host = await restart();
    const specs: Record<string, Partial<PartitionSpec>> = {
      a: { address: "01:00.0" },
      b: { vendor: "8086", profile: "small" },
      c: { vendor: "10de", profile: "1147" },
    };
    for (const [letter, spec] of Object.entries(specs)) {
      const { iommuGroup } = await put(host, letter, spec);
      const pid = await pci.hold(`/dev/vfio/${iommuGroup}`);
      expect(await troubleOf(release(host, letter))).toBe("held-by-process");
      pci.system.end(pid);
      expect(await release(host, letter)).toEqual({ result: "released" });
    }
  });
});

describe("an order that does not come back", () => {
  /** A guest that opens the device between the look and the order: the order then waits in the kernel. */
  async function blocked(): Promise<GpuLab & { readonly pid: number; readonly act: Promise<unknown> }> {
    const lab = gpuLab();
    lab.pci.plug(displayCard);
    const host = await lab.restart();
    await put(host, "a", whole);
    let pid = 0;
    const { system } = lab.pci;
    const list = system.programs.get("tee");
    system.programs.set("tee", async (argv, options) => {
      if (pid === 0) pid = await lab.pci.hold("/dev/vfio/12");
      return list?.(argv, options) ?? {};
    });
    const act = release(host, "a");
    await act.catch(() => undefined);
    return { ...lab, pid, act };
  }

  test("is told as such, bounded, and its writer is kept in the record", async () => {
    const { act, restart } = await blocked();
    await expect(act).rejects.toMatchObject({ code: "IN_USE", details: { trouble: "write-blocked" } });
    const host = await restart();
    expect(host.records.get(partitionId("a"))).toMatchObject({
      phase: "releasing",
      blocked: { pid: expect.any(Number) },
    });
  });

  test("every verb on the card is refused while it waits, and the release is ended once the guest is gone", async () => {
    const { pid, restart, pci } = await blocked();
    const host = await restart();
    pci.system.links.delete(`/proc/${pid}/fd/20`);
    expect(await troubleOf(release(host, "a"))).toBe("write-blocked");
    expect(await troubleOf(put(host, "b", whole))).toBe("claimed-by-other");
    pci.system.end(pid);
    expect(await release(host, "a")).toEqual({ result: "released" });
    expect(pci.functions.get("0000:02:00.0")).toMatchObject({ driver: "bochs-drm", override: "" });
    expect(host.records.get(partitionId("a"))?.blocked).toBeUndefined();
  });

  test("the next start of the agent ends it by itself, once the guest is gone", async () => {
    const { pid, restart, pci } = await blocked();
    await recoverPartitions(await restart());
    expect(pci.functions.get("0000:02:00.0")?.driver).toBe("vfio-pci");
    pci.system.end(pid);
    const host = await restart();
    await recoverPartitions(host);
    expect(host.records.get(partitionId("a"))?.phase).toBe("released");
    expect(pci.functions.get("0000:02:00.0")?.driver).toBe("bochs-drm");
  });
});

describe("what the kernel and the host refuse", () => {
  test.each<[string, Parameters<typeof gpuLab>[0], readonly (typeof displayCard)[], Partial<PartitionSpec>, string]>([
    ["no IOMMU", { hasIommu: false }, [displayCard], whole, "no-iommu"],
    ["no vfio-pci", { hasVfio: false }, [displayCard], whole, "vfio-module-missing"],
    ["no such card", {}, [displayCard], { address: "09:00.0" }, "device-absent"],
    ["no such vendor", {}, [displayCard], { vendor: "nvidia" }, "device-absent"],
    ["more VFs than there are", {}, [sriovCard], { address: "01:00.0", vfs: 5 }, "vf-count-above-total"],
    ["no SR-IOV", {}, [displayCard], { ...whole, mode: "sriov" }, "no-sriov"],
    ["a group with a stranger", {}, [displayCard, { ...displayCard, address: "0000:08:00.0" }], whole, "group-shared"],
    [
      "no reset",
      {},
      [
        { ...displayCard, resetMethods: "" },
        { ...displayCard, address: "0000:02:01.0", group: "30" },
      ],
      whole,
      "no-reset",
    ],
    ["a type that there is not", {}, [mdevCard], { vendor: "8086", profile: "huge" }, "profile-unknown"],
    ["no type said", {}, [mdevCard], { vendor: "8086", mode: "mdev" }, "profile-missing"],
    ["a plain VF of a vendor's card", {}, [vendorCard], { vendor: "10de", mode: "sriov" }, "vf-needs-vendor-driver"],
  ])("%s: nothing is written and nothing is claimed", async (...[, options, cards, spec, trouble]) => {
    const { pci, restart } = gpuLab(options);
    pci.plug(...cards);
    const host = await restart();
    expect(await troubleOf(put(host, "a", spec))).toBe(trouble);
    expect(pci.writes).toEqual([]);
    expect(host.records.all()).toEqual([]);
  });

  test("a card that somebody split is not passed whole, and one that is passed whole is not split", async () => {
    const { pci, restart, system } = gpuLab();
    pci.plug(sriovCard);
    const host = await restart();
    await put(host, "a", { address: "01:00.0", mode: "passthrough" });
    expect(await troubleOf(put(host, "b", { address: "01:00.0", mode: "sriov" }))).toBe("claimed-by-other");
    await release(host, "a");
    await system.run(["tee", "/sys/bus/pci/devices/0000:01:00.0/sriov_numvfs"], { input: "2\n" });
    expect(await troubleOf(put(host, "c", { address: "01:00.0", mode: "passthrough" }))).toBe("vf-count-fixed");
  });

  test("a type that the driver took and did not set is told", async () => {
    const { pci, restart } = gpuLab();
    pci.plug(vendorCard);
    pci.vgpus.isDeaf = true;
    await expect(put(await restart(), "a", { vendor: "10de", profile: "1147" })).rejects.toMatchObject({
      message: expect.stringContaining("has no type, not 1147"),
    });
  });

  test("a mediated device of another type under the partition's uuid is somebody else's, and stays", async () => {
    const { pci, restart } = gpuLab();
    pci.plug(mdevCard);
    const uuid = mdevUuidOf(partitionId("a"));
    pci.mdevs.create(`/sys/class/mdev_bus/${mdevCard.address}/mdev_supported_types/mbochs-medium/create`, uuid);
    const before = String(pci);
    const host = await restart();
    expect(await troubleOf(put(host, "a", { vendor: "8086", profile: "small" }))).toBe("mdev-exists");
    expect(await release(host, "a")).toEqual({ result: "released" });
    expect(String(pci)).toBe(before);
  });

  test("a card of two functions without a reset of their own is reset with its bus, so it is given", async () => {
    const { pci, restart } = gpuLab();
    pci.plug(...cardWithAudio);
    expect(await troubleOf(put(await restart(), "a", { vendor: "10de" }))).toBe("nothing");
  });

  test("VFs that share a group are found out once they are made, and a release takes them away", async () => {
    const { pci, restart, system } = gpuLab();
    pci.plug({ ...sriovCard, sriov: { total: 4, vfDevice: "0010", firstGroup: 16, sharesGroup: true } });
    const before = String(pci);
    const host = await restart();
    expect(await troubleOf(put(host, "a", { address: "01:00.0" }))).toBe("group-shared");
    await release(host, "a");
    expect(String(pci)).toBe(before);
    await system.run(["tee", "/sys/bus/pci/devices/0000:01:00.0/sriov_numvfs"], { input: "4\n" });
    await expect(put(host, "b", { address: "01:00.0", mode: "sriov" })).rejects.toMatchObject({
      message: expect.stringContaining("shares its IOMMU group"),
    });
  });

  test("a PF whose driver makes no VFs is found out by the kernel, and a release leaves nothing", async () => {
    const { pci, restart } = gpuLab();
    pci.plug({ ...sriovCard, sriov: { total: 4, vfDevice: "0010", driverHasHook: false } });
    const before = String(pci);
    const host = await restart();
    expect(await troubleOf(put(host, "a", { address: "01:00.0" }))).toBe("driver-without-sriov");
    expect(host.records.get(partitionId("a"))?.phase).toBe("claimed");
    expect(await release(host, "a")).toEqual({ result: "released" });
    expect(String(pci)).toBe(before);
  });

  test("a vfio-pci that does not take the card is told, and the release gives the card back to its driver", async () => {
    const { pci, restart } = gpuLab();
    pci.plug(displayCard);
    const before = String(pci);
    pci.unwilling.add("vfio-pci");
    const host = await restart();
    expect(await troubleOf(put(host, "a", whole))).toBe("bind-refused");
    await release(host, "a");
    expect(String(pci)).toBe(before);
  });

  test("a host driver that does not take its card back is told, and the record stays to try again", async () => {
    const { pci, restart } = gpuLab();
    pci.plug(displayCard);
    const host = await restart();
    await put(host, "a", whole);
    pci.unwilling.add("bochs-drm");
    await expect(release(host, "a")).rejects.toMatchObject({ code: "COMMAND_FAILED" });
    expect(host.records.get(partitionId("a"))?.phase).toBe("releasing");
    pci.unwilling.clear();
    expect(await release(host, "a")).toEqual({ result: "released" });
    expect(pci.functions.get("0000:02:00.0")?.driver).toBe("bochs-drm");
  });

  test("another driver that takes the card in its own driver's place is told", async () => {
    const { pci, restart } = gpuLab();
    pci.plug(displayCard);
    const host = await restart();
    await put(host, "a", whole);
    Object.assign(pci.functions.get("0000:02:00.0") ?? {}, { hostDriver: "other" });
    await expect(release(host, "a")).rejects.toMatchObject({
      message: expect.stringContaining("is on other: bochs-drm did not take it"),
    });
  });
});

describe("owners and holders", () => {
  test("a second claim on a card is refused with owner and resource, also after a restart", async () => {
    const { pci, restart } = gpuLab();
    pci.plug(displayCard);
    await put(await restart(), "a", whole);
    await expect(put(await restart(), "b", whole, { owner: "other/x/y" })).rejects.toMatchObject({
      code: "CONFLICT",
      message: expect.stringContaining('GpuPartition "gpu-a" of acme/shop/prod'),
    });
  });

  test("an id of another owner is not adopted; one of the same owner is, and an older delete then touches nothing", async () => {
    const { pci, restart } = gpuLab();
    pci.plug(displayCard);
    const host = await restart();
    await put(host, "a", whole);
    await expect(put(host, "a", whole, { owner: "other/x/y" })).rejects.toMatchObject({ code: "CONFLICT" });
    expect(await put(host, "a", whole, { operationId: "put-again" })).toMatchObject({ incarnation: 2 });
    expect(await release(host, "a", 1)).toEqual({ result: "kept" });
    expect(pci.functions.get("0000:02:00.0")?.driver).toBe("vfio-pci");
    expect(await release(host, "a", 2)).toEqual({ result: "released" });
    expect(await put(host, "a", whole)).toMatchObject({ incarnation: 3 });
  });

  test("a changed make of a partition is refused, with the fields", async () => {
    const { pci, restart } = gpuLab();
    pci.plug(displayCard, sriovCard);
    const host = await restart();
    await put(host, "a", whole);
    await expect(put(host, "a", { address: "01:00.0", mode: "sriov" })).rejects.toMatchObject({
      code: "NOT_ALLOWED_NOW",
      message: expect.stringContaining("is of another address, mode"),
    });
  });

  test("a partition is given to one VM; a second is refused with the first; a known VM keeps it from a release", async () => {
    const { pci, restart, known } = gpuLab();
    pci.plug(displayCard);
    known.add("web");
    const host = await restart();
    await put(host, "a", whole);
    expect(await givePartition(host, partitionId("a"), vm("web"))).toMatchObject({ holder: vm("web") });
    expect(await troubleOf(givePartition(host, partitionId("a"), vm("db")))).toBe("held-by-vm");
    expect(await troubleOf(release(host, "a"))).toBe("held-by-vm");
    await takeBackPartition(host, partitionId("a"), vm("db"));
    expect(await troubleOf(release(host, "a"))).toBe("held-by-vm");
    await takeBackPartition(host, partitionId("a"), vm("web"));
    expect(await release(host, "a")).toEqual({ result: "released" });
  });

  test("a partition whose VM is gone is told of at a start, kept, and released by its owner's delete", async () => {
    const { pci, restart, known, log } = gpuLab();
    pci.plug(displayCard);
    known.add("web");
    const host = await restart();
    await put(host, "a", whole);
    await givePartition(host, partitionId("a"), vm("web"));
    known.clear();
    const later = await restart();
    await recoverPartitions(later);
    expect(log).toContain("warn gpu-holder-gone");
    expect(later.records.get(partitionId("a"))).toMatchObject({ phase: "ready", holder: vm("web") });
    expect(await troubleOf(givePartition(later, partitionId("a"), vm("db")))).toBe("holder-gone");
    const { partitions } = await listGpus(later);
    expect(partitions).toMatchObject([{ holder: vm("web"), holderIsGone: true, state: "ready" }]);
    expect(await release(later, "a")).toEqual({ result: "released" });
  });

  test("what is not there is not given", async () => {
    const { restart } = gpuLab();
    expect(await troubleOf(givePartition(await restart(), partitionId("a"), vm("web")))).toBe("device-absent");
  });

  test("a host whose processes the agent may not look into is told, and gives and takes nothing back", async () => {
    const { pci, restart, system } = gpuLab();
    pci.plug(displayCard, mdevCard);
    const host = await restart();
    await put(host, "a", whole);
    const pid = await pci.hold("/dev/vfio/12");
    const readLink = system.readLink.bind(system);
    system.readLink = (path) =>
      path.startsWith(`/proc/${pid}/fd/`)
        ? Promise.reject(Object.assign(new Error("EACCES"), { code: "EACCES" }))
        : readLink(path);
    const before = String(pci);
    const { missing } = await listGpus(host);
    expect(missing.map(({ trouble, what }) => [trouble, what])).toEqual([
      ["holders-unknown", `the agent may not see what is open in process ${pid}`],
    ]);
    expect(await troubleOf(put(host, "b", { vendor: "8086", profile: "small" }))).toBe("holders-unknown");
    expect(await troubleOf(release(host, "a"))).toBe("holders-unknown");
    expect(String(pci)).toBe(before);
  });
});
