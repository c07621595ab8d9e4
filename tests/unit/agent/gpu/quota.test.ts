// A VF's share of its card: given where the driver has such quotas, read back, changed while a guest runs, and put back.

import { checkPartition } from "../../../../provider/agent/gpu/answer-gpus";
import { givePartition } from "../../../../provider/agent/gpu/partition/hold-partition";
import type { PartitionQuota } from "../../../../provider/model/gpu/quota/partition-quota";
import { sriovCard, xeCard } from "../../../fakes/pci/fake-card";
import { type GpuLab, gpuLab, partitionId, put, release, troubleOf } from "./gpu-lab";

const gibibyte = 2 ** 30;
const share: PartitionQuota = { vramBytes: 3 * gibibyte, executionQuantumMs: 20, preemptTimeoutUs: 40_000 };
const spec = (quota?: PartitionQuota) => ({ vendor: "8086", ...(quota === undefined ? {} : { quota }) });

function xeLab(options: Parameters<typeof gpuLab>[0] = {}): GpuLab {
  const lab = gpuLab(options);
  lab.pci.plug(xeCard);
  return lab;
}

const orders = ({ pci }: GpuLab) =>
  pci.writes
    .filter((line) => /sriov_admin|numvfs/.test(line))
    .map((line) => line.replace("/sys/bus/pci/devices/0000:61:00.0/", ""));

test("memory is given before VFs are made, times after; the driver's answer is reported; all goes back", async () => {
  const lab = xeLab();
  const before = String(lab.pci);
  const host = await lab.restart();
  const report = await put(host, "a", spec(share));
  expect(report).toMatchObject({ mode: "sriov", functions: ["0000:61:00.1"], quota: { ...share, priority: "low" } });
  expect(orders(lab)).toEqual([
    `sriov_admin/vf1/profile/vram_quota <- ${3 * gibibyte}`,
    "sriov_numvfs <- 4",
    "sriov_admin/vf1/profile/exec_quantum_ms <- 20",
    "sriov_admin/vf1/profile/preempt_timeout_us <- 40000",
  ]);
  await release(host, "a");
  expect(String(lab.pci)).toBe(before);
});

test("a number that the driver rounds is told as it is, and the same put writes nothing more", async () => {
  const lab = xeLab();
  const host = await lab.restart();
  const wish = spec({ vramBytes: gibibyte + 1 });
  expect(await put(host, "a", wish)).toMatchObject({ quota: { vramBytes: gibibyte + 2 ** 21 } });
  const count = orders(lab).length;
  await put(await lab.restart(), "a", wish);
  expect(orders(lab)).toHaveLength(count);
});

test("times change while a guest has the VF, and go back to what they were where they are asked for no more", async () => {
  const lab = xeLab();
  const host = await lab.restart();
  await put(host, "a", spec({ executionQuantumMs: 20 }));
  await givePartition(host, partitionId("a"), { kind: "vm", id: "web" });
  await lab.pci.hold("/dev/vfio/70");
  expect(await put(host, "a", spec({ executionQuantumMs: 50 }))).toMatchObject({ quota: { executionQuantumMs: 50 } });
  expect(await put(host, "a", spec())).toMatchObject({ quota: { executionQuantumMs: 16 } });
  expect(lab.pci.functions.get("0000:61:00.1")?.driver).toBe("vfio-pci");
});

test("memory is the partition's make: an update to another size is refused, and touches nothing", async () => {
  const lab = xeLab();
  const host = await lab.restart();
  await put(host, "a", spec(share));
  const before = String(lab.pci);
  await expect(put(host, "a", spec({ ...share, vramBytes: gibibyte }))).rejects.toMatchObject({
    code: "NOT_ALLOWED_NOW",
    message: expect.stringContaining("quota.vram"),
  });
  expect(String(lab.pci)).toBe(before);
});

test("once memory is dealt out by hand, a VF without a share of it is refused in preview, and one with it is made", async () => {
  const lab = xeLab();
  const host = await lab.restart();
  await put(host, "a", spec(share));
  const { reasons } = await checkPartition(host, partitionId("b"), { name: "b", mode: "sriov", vendor: "8086" });
  expect(reasons.join()).toContain("has no memory of the card until `quota.vram` gives it some");
  expect(await put(host, "b", spec({ vramBytes: 5 * gibibyte }))).toMatchObject({ functions: ["0000:61:00.2"] });
  expect(await troubleOf(put(host, "c", spec({ vramBytes: gibibyte })))).toBe("quota-refused");
  await release(host, "b");
  expect(await put(host, "c", spec({ vramBytes: gibibyte }))).toMatchObject({ state: "ready" });
});

test("where VFs are there with equal shares, one may have less, and its rest goes to another", async () => {
  const lab = xeLab();
  const host = await lab.restart();
  expect(await put(host, "a", spec())).toMatchObject({ quota: { vramBytes: 2 * gibibyte } });
  expect(await troubleOf(put(host, "b", spec({ vramBytes: 3 * gibibyte })))).toBe("quota-refused");
  await release(host, "b");
  expect(await put(host, "b", spec({ vramBytes: gibibyte }))).toMatchObject({ quota: { vramBytes: gibibyte } });
  expect(await put(host, "c", spec({ vramBytes: 3 * gibibyte }))).toMatchObject({ state: "ready" });
  await release(host, "b", 2); // its old share has come to another one: the release is done all the same
  expect(lab.log).toContain("warn gpu-quota-kept");
});

test("a driver without quotas, or without this one, is told before anything is done", async () => {
  const lab = gpuLab();
  const integrated = {
    ...xeCard,
    address: "0000:00:02.0",
    under: "",
    sriov: { ...xeCard.sriov, total: 4, vfDevice: "b080", xe: {} },
  };
  lab.pci.plug(sriovCard, { ...integrated, under: "0000:00:01.0", group: "1" });
  const before = String(lab.pci);
  const host = await lab.restart();
  const cases: readonly [string, PartitionQuota][] = [
    [sriovCard.address, { executionQuantumMs: 20 }],
    [integrated.address, { vramBytes: gibibyte }],
    [integrated.address, { priority: "normal" }],
  ];
  for (const [address, quota] of cases) {
    const { troubles, reasons } = await checkPartition(host, partitionId("a"), {
      name: "a",
      mode: "auto",
      address,
      quota,
    });
    expect(troubles).toEqual(["quota-not-offered"]);
    expect(reasons[0]).toContain(Object.keys(quota)[0]?.replace(/Bytes|Ms/, ""));
    expect(await troubleOf(put(host, "a", { address, quota }))).toBe("quota-not-offered");
  }
  expect(String(lab.pci)).toBe(before);
});

test("a priority of its own is set where the driver takes one for each VF", async () => {
  const lab = gpuLab();
  const { sriov } = xeCard;
  lab.pci.plug({ ...xeCard, sriov: { total: 4, vfDevice: "e20b", ...sriov, xe: { hasPriorities: true } } });
  const host = await lab.restart();
  expect(await put(host, "a", spec({ priority: "normal" }))).toMatchObject({ quota: { priority: "normal" } });
  expect(await troubleOf(put(host, "b", spec({ priority: "high" })))).toBe("quota-refused");
});

test("a quota that comes to a partition that is there is refused in preview where its driver has none", async () => {
  const lab = gpuLab();
  lab.pci.plug(sriovCard, xeCard);
  const host = await lab.restart();
  await put(host, "a", { address: sriovCard.address });
  await put(host, "b", spec());
  const wish = { mode: "auto" as const, quota: { executionQuantumMs: 20 } };
  expect((await checkPartition(host, partitionId("a"), { name: "a", ...wish })).troubles).toEqual([
    "quota-not-offered",
  ]);
  expect((await checkPartition(host, partitionId("b"), { name: "b", ...wish })).choice).toBeDefined();
});

test("a firmware that refuses is told, and what was done goes back with the release", async () => {
  const lab = xeLab();
  const before = String(lab.pci);
  lab.pci.xe.isStubborn = true;
  const host = await lab.restart();
  expect(await troubleOf(put(host, "a", spec(share)))).toBe("quota-refused");
  await release(host, "a");
  expect(String(lab.pci)).toBe(before);
});

test("a boot takes VFs and shares along, and a put gives both again", async () => {
  const lab = xeLab();
  await put(await lab.restart(), "a", spec(share));
  lab.pci.reboot();
  expect(await put(await lab.restart(), "a", spec(share))).toMatchObject({ state: "ready", quota: share });
});

describe("the VFIO driver", () => {
  test("is the maker's own where the kernel has it, which can save the device's state", async () => {
    const lab = xeLab({ modules: ["xe-vfio-pci"] });
    const before = String(lab.pci);
    const host = await lab.restart();
    expect(await put(host, "a", spec())).toMatchObject({ state: "ready", liveMigratable: true });
    expect(lab.pci.functions.get("0000:61:00.1")).toMatchObject({ driver: "xe-vfio-pci", override: "xe-vfio-pci" });
    await release(host, "a");
    expect(String(lab.pci)).toBe(before);
  });

  test("is vfio-pci for the whole card, for other makers' VFs, and where the kernel has no other", async () => {
    const lab = xeLab({ modules: ["xe-vfio-pci"] });
    lab.pci.plug(sriovCard);
    const host = await lab.restart();
    await put(host, "a", { ...spec(), mode: "passthrough" });
    await put(host, "b", { address: sriovCard.address });
    expect(lab.pci.functions.get("0000:61:00.0")?.driver).toBe("vfio-pci");
    expect(lab.pci.functions.get("0000:01:00.1")?.driver).toBe("vfio-pci");
    const plain = xeLab();
    await put(await plain.restart(), "a", spec());
    expect(plain.pci.functions.get("0000:61:00.1")?.driver).toBe("vfio-pci");
  });

  test("stays while a guest may have it, also where a newer kernel brings another", async () => {
    const lab = xeLab();
    await put(await lab.restart(), "a", spec());
    lab.system.put("/lib/modules/6.12.95/modules.builtin", "kernel/drivers/vfio/pci/xe/xe-vfio-pci.ko\n");
    lab.system.put("/sys/bus/pci/drivers/xe-vfio-pci/bind", "");
    await put(await lab.restart(), "a", spec());
    expect(lab.pci.functions.get("0000:61:00.1")?.driver).toBe("vfio-pci");
  });
});
