// Boots, cards that are exchanged or pulled out, and an agent that dies at any act: what was declared comes back, what was
// there before comes back, and another card is never touched.

import { givePartition } from "../../../../provider/agent/gpu/partition/hold-partition";
import { releasePartition } from "../../../../provider/agent/gpu/partition/release-partition";
import { reportPartition } from "../../../../provider/agent/gpu/partition/report-partition";
import { recoverPartitions } from "../../../../provider/agent/gpu/recover-partitions";
import type { PartitionSpec } from "../../../../provider/model/gpu/partition-record";
import {
  ampereCard,
  cardWithAudio,
  displayCard,
  mdevCard,
  sriovCard,
  vendorCard,
  xeCard,
} from "../../../fakes/pci/fake-card";
import { FakeNvidiaTools } from "../../../fakes/pci/fake-nvidia-tools";
import { gpuLab, partitionId, put, release, troubleOf } from "./gpu-lab";

const whole = { address: "02:00.0" };
const vm = (id: string) => ({ kind: "vm", id }) as const;

describe("boots and cards that change", () => {
  const specs: readonly [string, Partial<PartitionSpec>][] = [
    ["passthrough", { ...whole }],
    ["sriov", { address: "01:00.0" }],
    ["mdev", { vendor: "8086", profile: "small" }],
    ["vendor-vfio", { vendor: "10de", profile: "1147" }],
  ];

  test.each(specs)("%s: lost after a boot, and made again by a put and by the start of its VM", async (_, spec) => {
    const { pci, restart } = gpuLab();
    pci.plug(displayCard, sriovCard, mdevCard, vendorCard);
    const before = String(pci);
    const first = await put(await restart(), "a", spec);
    for (const again of [
      async () => put(await restart(), "a", spec),
      async () => givePartition(await restart(), partitionId("a"), vm("web")),
    ]) {
      pci.reboot();
      const host = await restart();
      await recoverPartitions(host);
      const record = host.records.get(partitionId("a"));
      expect(record && (await reportPartition(host.ctx, record))).toMatchObject({ state: "lost" });
      await again();
      const later = await restart();
      const made = later.records.get(partitionId("a"));
      expect(made && (await reportPartition(later.ctx, made))).toMatchObject({ state: "ready", device: first.device });
    }
    await release(await restart(), "a");
    expect(String(pci)).toBe(before);
  });

  test("VFs that somebody else had made and a boot took away are made again, and taken away by the release", async () => {
    const { pci, restart, system } = gpuLab();
    pci.plug(sriovCard);
    const before = String(pci);
    await system.run(["tee", "/sys/bus/pci/devices/0000:01:00.0/sriov_numvfs"], { input: "2\n" });
    await put(await restart(), "a", { address: "01:00.0" });
    pci.reboot();
    expect(String(pci)).toBe(before);
    expect(await put(await restart(), "a", { address: "01:00.0" })).toMatchObject({ state: "ready" });
    expect(pci.functions.get("0000:01:00.0")?.vfs).toHaveLength(2);
    await release(await restart(), "a");
    expect(String(pci)).toBe(before);
  });

  test("another card at the address is not touched by a put, and a release leaves it alone", async () => {
    const { pci, restart } = gpuLab();
    pci.plug(displayCard);
    await put(await restart(), "a", whole);
    pci.unplug("0000:02:00.0");
    pci.plug({ ...displayCard, device: "2222" });
    const writes = pci.writes.length;
    const host = await restart();
    expect(await troubleOf(put(host, "a", whole))).toBe("device-changed");
    expect(await release(host, "a")).toEqual({ result: "released" });
    expect(pci.writes).toHaveLength(writes);
    expect(pci.functions.get("0000:02:00.0")?.driver).toBe("bochs-drm");
  });

  test("another card at the address is not the partition, even on vfio-pci", async () => {
    const { pci, restart, system } = gpuLab();
    pci.plug(displayCard);
    await put(await restart(), "a", whole);
    pci.unplug("0000:02:00.0");
    const { hostDriver: _, ...other } = { ...displayCard, device: "2222" };
    pci.plug(other);
    await system.run(["tee", "/sys/bus/pci/devices/0000:02:00.0/driver_override"], { input: "vfio-pci\n" });
    await system.run(["tee", "/sys/bus/pci/drivers_probe"], { input: "0000:02:00.0\n" });
    const host = await restart();
    const record = host.records.get(partitionId("a"));
    expect(record && (await reportPartition(host.ctx, record))).toMatchObject({ state: "lost" });
  });

  test("neither another second function nor another parent of mediated devices is touched", async () => {
    const { pci, restart } = gpuLab();
    const [, audio] = cardWithAudio;
    pci.plug(...cardWithAudio, mdevCard);
    await put(await restart(), "a", { address: "03:00.0" });
    await put(await restart(), "b", { vendor: "8086", profile: "small" });
    pci.reboot();
    for (const card of [audio, mdevCard]) {
      pci.unplug(card?.address ?? "");
      if (card !== undefined) pci.plug({ ...card, device: "ffff" });
    }
    const writes = pci.writes.length;
    const host = await restart();
    expect(await troubleOf(put(host, "b", { vendor: "8086", profile: "small" }))).toBe("device-changed");
    expect(await troubleOf(put(host, "a", { address: "03:00.0" }))).toBe("device-changed");
    expect(pci.writes).toHaveLength(writes);
  });

  test("a card that was pulled out is lost, and its partition can be released", async () => {
    const { pci, restart } = gpuLab();
    pci.plug(displayCard);
    const host = await restart();
    await put(host, "a", whole);
    pci.unplug("0000:02:00.0");
    const record = host.records.get(partitionId("a"));
    expect(record && (await reportPartition(host.ctx, record))).toMatchObject({ state: "lost" });
    expect(await troubleOf(put(host, "a", whole))).toBe("device-absent");
    expect(await release(host, "a")).toEqual({ result: "released" });
  });
});

describe("an agent that dies at any act", () => {
  const specs: readonly [string, Partial<PartitionSpec>][] = [
    ["passthrough of two functions", { address: "03:00.0" }],
    ["sriov", { address: "01:00.0" }],
    ["mdev", { address: "05:00.0", profile: "small" }],
    ["vendor-vfio", { address: "41:00.0", profile: "1147" }],
    ["mdev on a VF", { address: "81:00.0", profile: "nvidia-589" }],
    ["sriov with quotas", { address: "61:00.0", quota: { vramBytes: 2 ** 30, executionQuantumMs: 20 } }],
  ];

  /** A put, a start, a release and a start, of which the `deathAt`-th act is the last of its agent. Gives how many acts there were. */
  async function liveAndDie(
    spec: Partial<PartitionSpec>,
    deathAt: number,
  ): Promise<{ acts: number; host: string; before: string }> {
    const { pci, restart, system } = gpuLab();
    pci.plug(...cardWithAudio, sriovCard, mdevCard, vendorCard, xeCard, ampereCard);
    void new FakeNvidiaTools(pci);
    const before = String(pci);
    let acts = 0;
    let isDead = false;
    system.beforeAct = (act) => {
      if (isDead) throw new Error("dead");
      if (!/^(sync|run (tee|modprobe|rmmod|\/usr\/lib\/nvidia|nvidia-smi))/.test(act)) return;
      acts += 1;
      if (acts === deathAt) isDead = true;
      if (isDead) throw new Error("dead");
    };
    const survive = async (act: () => Promise<unknown>): Promise<void> => {
      await act().catch(() => undefined);
      if (!isDead) return;
      isDead = false;
      await recoverPartitions(await restart());
      await act();
    };
    await survive(async () => put(await restart(), "a", spec));
    const host = await restart();
    const made = host.records.get(partitionId("a"));
    expect(made && (await reportPartition(host.ctx, made))).toMatchObject({ state: "ready" });
    await survive(async () => {
      const later = await restart();
      const incarnation = later.records.get(partitionId("a"))?.incarnation ?? 1;
      return releasePartition(later, partitionId("a"), { operationId: "delete-a", incarnation });
    });
    return { acts, host: String(pci), before };
  }

  test.each(specs)("%s: is made whole and given back whole, wherever it died", async (_, spec) => {
    const { acts } = await liveAndDie(spec, 0);
    expect(acts).toBeGreaterThan(5);
    for (let deathAt = 1; deathAt <= acts; deathAt += 1) {
      const { host, before } = await liveAndDie(spec, deathAt);
      expect([deathAt, host]).toEqual([deathAt, before]);
    }
  });
});
