// NVIDIA's cards by NVIDIA's own programs: VFs on and off, a lock that is held for a moment, mediated devices of VFs, types of
// several sizes, and types that need a GPU instance.

import { checkPartition, listGpus } from "../../../../provider/agent/gpu/answer-gpus";
import type { FakeFunction } from "../../../fakes/pci/fake-card";
import { ampereCard, vendorCard } from "../../../fakes/pci/fake-card";
import { FakeNvidiaTools } from "../../../fakes/pci/fake-nvidia-tools";
import { type GpuLab, gpuLab, partitionId, put, release, troubleOf } from "./gpu-lab";

const withTool: FakeFunction = {
  ...vendorCard,
  sriov: { total: 4, vfDevice: "2335", ...vendorCard.sriov, needsTool: true },
};

function nvidiaLab(
  card: FakeFunction = withTool,
): GpuLab & { readonly tools: FakeNvidiaTools; readonly before: string } {
  const lab = gpuLab();
  const tools = new FakeNvidiaTools(lab.pci);
  lab.pci.plug(card);
  return { ...lab, tools, before: String(lab.pci) };
}

const orders = ({ system }: GpuLab) => system.ran.filter((words) => /sriov-manage|nvidia-smi/.test(words));
const manage = (order: string, address = "0000:41:00.0") => `/usr/lib/nvidia/sriov-manage ${order} ${address}`;
const one = { vendor: "10de", profile: "1147" };
const two = { vendor: "10de", profile: "1148" };

describe("VFs", () => {
  test("are made by NVIDIA's program and taken away by it with the last partition; no count is written", async () => {
    const lab = nvidiaLab();
    const host = await lab.restart();
    await put(host, "a", one);
    await put(host, "b", one);
    await release(host, "a");
    expect(orders(lab)).toEqual([manage("-e")]);
    await release(host, "b");
    expect(orders(lab)).toEqual([manage("-e"), manage("-d")]);
    expect(lab.pci.writes.filter((line) => line.includes("sriov_numvfs"))).toEqual([]);
    expect(String(lab.pci)).toBe(lab.before);
  });

  test("are asked for again while a program has the card open for a moment", async () => {
    const lab = nvidiaLab();
    lab.tools.lockedTimes = 2;
    const host = await lab.restart();
    expect(await put(host, "a", one)).toMatchObject({ state: "ready" });
    expect(orders(lab)).toEqual([manage("-e"), manage("-e"), manage("-e")]);
  });

  test("are refused where a program keeps the card open, and made by the next try", async () => {
    const lab = nvidiaLab();
    lab.tools.lockedTimes = 6;
    const host = await lab.restart();
    expect(await troubleOf(put(host, "a", one))).toBe("unbind-lock-held");
    expect(orders(lab)).toHaveLength(6);
    expect(await put(host, "a", one)).toMatchObject({ state: "ready" });
  });

  test("that the program did not make although it ended well are missed, and its own words are told", async () => {
    const lab = nvidiaLab();
    lab.tools.isIdle = true;
    expect(await troubleOf(put(await lab.restart(), "a", one))).toBe("vf-count-refused");
    const other = nvidiaLab();
    other.system.programs.set("/usr/lib/nvidia/sriov-manage", () => ({
      exitCode: 7,
      stderr: "SR-IOV is not enabled\n",
    }));
    await expect(put(await other.restart(), "a", one)).rejects.toMatchObject({
      details: { trouble: "vf-count-refused" },
      message: expect.stringContaining("SR-IOV is not enabled"),
    });
  });

  test("are made by a plain write where there is no such program", async () => {
    const lab = gpuLab();
    lab.pci.plug(vendorCard);
    await put(await lab.restart(), "a", one);
    expect(lab.pci.writes).toContain("/sys/bus/pci/devices/0000:41:00.0/sriov_numvfs <- 4");
  });
});

describe("mediated devices of VFs", () => {
  const profile = { vendor: "10de", profile: "A10-2Q" };

  test("auto finds out by the VFs which interface it is; the VF stays with NVIDIA's driver", async () => {
    const lab = nvidiaLab(ampereCard);
    const host = await lab.restart();
    const { choice } = await checkPartition(host, partitionId("a"), { name: "a", mode: "auto", ...profile });
    expect(choice?.because).toContain("or mediated devices of VFs (mdev)");
    const report = await put(host, "a", profile);
    expect(report).toMatchObject({ state: "ready", mode: "mdev", functions: [], profile: "NVIDIA A10-2Q" });
    expect(lab.pci.mdevs.list()).toEqual([`mdev ${report.mdevUuid} nvidia-589`]);
    expect(lab.pci.functions.get("0000:81:00.1")).toMatchObject({ driver: "nvidia", override: "" });
    expect(await put(host, "a", profile)).toEqual(report);
    await release(host, "a");
    expect(String(lab.pci)).toBe(lab.before);
  });

  test("each partition has a VF of its own; one more than there are is full; the last takes the VFs along", async () => {
    const lab = nvidiaLab(ampereCard);
    const host = await lab.restart();
    const spec = { ...profile, mode: "mdev" as const };
    for (const letter of ["a", "b", "c", "d"]) await put(host, letter, spec);
    const parents = host.records.all().map(({ place }) => place.mdevParent);
    expect(parents).toEqual(["0000:81:00.1", "0000:81:00.2", "0000:81:00.3", "0000:81:00.4"]);
    expect(await troubleOf(put(host, "e", spec))).toBe("profile-full");
    for (const letter of ["a", "b", "c", "d"]) {
      expect(String(lab.pci)).not.toBe(lab.before);
      await release(host, letter);
    }
    expect(String(lab.pci)).toBe(lab.before);
    expect(orders(lab)).toEqual([manage("-e", ampereCard.address), manage("-d", ampereCard.address)]);
  });

  test("are made again after a boot, which took their VFs along", async () => {
    const lab = nvidiaLab(ampereCard);
    const { iommuGroup: _, ...first } = await put(await lab.restart(), "a", profile);
    await put(await lab.restart(), "b", profile);
    lab.pci.reboot();
    expect(await put(await lab.restart(), "b", profile)).toMatchObject({ state: "ready" });
    expect(await put(await lab.restart(), "a", profile)).toMatchObject(first);
    const host = await lab.restart();
    for (const letter of ["a", "b"]) await release(host, letter);
    expect(String(lab.pci)).toBe(lab.before);
  });

  test("VFs that somebody else made are used and stay", async () => {
    const lab = nvidiaLab(ampereCard);
    await lab.system.run(["/usr/lib/nvidia/sriov-manage", "-e", ampereCard.address]);
    const before = String(lab.pci);
    const host = await lab.restart();
    expect(await put(host, "a", { ...profile, address: "0000:81:00.3", vendor: undefined as never })).toMatchObject({
      mode: "mdev",
    });
    expect(host.records.get(partitionId("a"))?.place.mdevParent).toBe("0000:81:00.3");
    await release(host, "a");
    expect(String(lab.pci)).toBe(before);
  });

  test("a declared interface that the card has not is refused, and what was made for it goes back", async () => {
    const lab = nvidiaLab(ampereCard);
    const host = await lab.restart();
    expect(await troubleOf(put(host, "a", { ...profile, mode: "vendor-vfio" }))).toBe("mode-not-offered");
    await release(host, "a");
    expect(String(lab.pci)).toBe(lab.before);
    const other = nvidiaLab();
    const onOther = await other.restart();
    expect(await troubleOf(put(onOther, "a", { ...one, mode: "mdev" }))).toBe("mode-not-offered");
    await release(onOther, "a");
    expect(String(other.pci)).toBe(other.before);
  });
});

describe("types of several sizes on one card", () => {
  const mix = (lab: GpuLab) => lab.system.run(["nvidia-smi", "vgpu", "-shm", "1", "-i", "0000:41:00.0"]);

  test("are refused where the card holds one size, with the orders that change that", async () => {
    const lab = nvidiaLab();
    const host = await lab.restart();
    await put(host, "a", one);
    await expect(put(host, "b", two)).rejects.toMatchObject({
      details: { trouble: "profile-full" },
      message: expect.stringContaining(
        "Its VFs have LAB GPU-1Q, and sizes mix only where that was set before the first type, with the VFs made by hand: /usr/lib/nvidia/sriov-manage -e 0000:41:00.0 && nvidia-smi vgpu -shm 1 -i 0000:41:00.0",
      ),
    });
  });

  test("are taken where the operator gave these orders; a boot takes that away, and leea gives it again", async () => {
    const lab = nvidiaLab();
    await lab.system.run(["/usr/lib/nvidia/sriov-manage", "-e", "0000:41:00.0"]);
    await mix(lab);
    await put(await lab.restart(), "a", one);
    await put(await lab.restart(), "b", two);
    lab.pci.reboot();
    const count = orders(lab).length;
    expect(await put(await lab.restart(), "b", two)).toMatchObject({ state: "ready", profile: "LAB GPU-2Q" });
    expect(await put(await lab.restart(), "a", one)).toMatchObject({ state: "ready", profile: "LAB GPU-1Q" });
    expect(orders(lab).slice(count)).toContain("nvidia-smi vgpu -shm 1 -i 0000:41:00.0");
  });

  test.each(["isDeaf", "isOld"] as const)(
    "a program that does not do it (%s) is found out before a type is set",
    async (how) => {
      const lab = nvidiaLab();
      await lab.system.run(["/usr/lib/nvidia/sriov-manage", "-e", "0000:41:00.0"]);
      await mix(lab);
      for (const [letter, spec] of [
        ["a", one],
        ["b", two],
      ] as const)
        await put(await lab.restart(), letter, spec);
      lab.pci.reboot();
      lab.tools[how] = true;
      expect(await troubleOf(put(await lab.restart(), "b", two))).toBe("sizes-not-mixed");
      expect(lab.pci.vgpus.list()).toEqual([]);
    },
  );

  test("one type alone never asks for it", async () => {
    const lab = nvidiaLab();
    const host = await lab.restart();
    await put(host, "a", one);
    await put(host, "b", one);
    expect(orders(lab).filter((words) => words.includes("nvidia-smi"))).toEqual([]);
  });
});

test("a type that needs a GPU instance is refused with the order that makes it, before and after VFs are there", async () => {
  const lab = nvidiaLab();
  const host = await lab.restart();
  const mig = { vendor: "10de", profile: "NVIDIA H200X-1-18C" };
  const order = "nvidia-smi mig -i 0000:41:00.0 -cgi 1g.18gb -C";
  await expect(put(host, "a", mig)).rejects.toMatchObject({
    details: { trouble: "mig-instance-missing" },
    message: expect.stringContaining(order),
  });
  const { troubles, reasons } = await checkPartition(host, partitionId("b"), { name: "b", mode: "auto", ...mig });
  expect([troubles[0], reasons[0]]).toEqual(["mig-instance-missing", expect.stringContaining(order)]);
  await release(host, "a");
  expect(String(lab.pci)).toBe(lab.before);
});

test("a card whose VFs are still to be made is told as one that NVIDIA's driver types", async () => {
  const lab = nvidiaLab(ampereCard);
  const { gpus } = await listGpus(await lab.restart());
  expect(gpus[0]?.ways.map(({ mode }) => mode)).toEqual(["passthrough", "sriov", "vendor-vfio"]);
});
