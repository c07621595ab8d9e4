// What may be taken together, from whom, and by whom: IOMMU groups, the host's own use, owners and holders.

import { createHash } from "node:crypto";
import { describeHostUse, type HostUseSigns, refuseHostUse } from "../../../../provider/model/gpu/host/host-use";
import { judgeGroup } from "../../../../provider/model/gpu/iommu-group";
import {
  claimOfFunction,
  partsOfDevice,
  refuseClaimed,
  refuseHolder,
} from "../../../../provider/model/gpu/owner-guard";
import { deriveMdevUuid, derivePartitionId } from "../../../../provider/model/gpu/partition-id";
import type { PciFunction } from "../../../../provider/model/gpu/pci/pci-function";
import { someFunction, somePartition } from "./some-function";

describe("the IOMMU group", () => {
  const gpu = someFunction({ address: "0000:03:00.0", iommuGroup: "13" });
  const audio = someFunction({
    address: "0000:03:00.1",
    iommuGroup: "13",
    classCode: "040300",
    driver: "snd_hda_intel",
  });
  const port = someFunction({ address: "0000:00:03.0", iommuGroup: "13", classCode: "060400", driver: "pcieport" });
  const other = someFunction({ address: "0000:04:00.0", iommuGroup: "13", classCode: "010802", driver: "nvme" });
  const far = someFunction({ address: "0000:05:00.0", iommuGroup: "14" });
  const vf = someFunction({ address: "0000:03:00.2", iommuGroup: "13", physicalFunction: "0000:03:00.0" });

  const takes = (device: PciFunction, all: readonly PciFunction[]) => {
    const verdict = judgeGroup(device, all);
    return "refusals" in verdict
      ? verdict.refusals.map(({ trouble, message }) => `${trouble}: ${message}`)
      : verdict.functions.map(({ address }) => address);
  };

  test.each<[string, PciFunction, readonly PciFunction[], readonly string[]]>([
    ["a card alone", far, [gpu, far], ["0000:05:00.0"]],
    [
      "a card and its audio function, bridges not counted",
      gpu,
      [audio, port, gpu, far],
      ["0000:03:00.0", "0000:03:00.1"],
    ],
    ["the audio function takes the card along", audio, [gpu, audio], ["0000:03:00.0", "0000:03:00.1"]],
    [
      "another device in the group",
      gpu,
      [gpu, other],
      ["group-shared: IOMMU group 13 of 0000:03:00.0 also holds 0000:04:00.0 (NVMe controller, driver nvme)"],
    ],
    [
      "a VF in its PF's group",
      vf,
      [gpu, vf],
      ["group-shared: IOMMU group 13 of 0000:03:00.2 also holds 0000:03:00.0 (display controller)"],
    ],
    [
      "a VF alone in its group, in the PF's slot",
      { ...vf, iommuGroup: "20" },
      [gpu, { ...vf, iommuGroup: "20" }],
      ["0000:03:00.2"],
    ],
  ])("%s", (_, device, all, expected) => {
    expect(takes(device, all)).toEqual(expected);
  });

  test("without a group there is no IOMMU", () => {
    const { iommuGroup: _, ...bare } = gpu;
    expect(takes(bare, [bare])).toEqual(["no-iommu: 0000:03:00.0 is in no IOMMU group"]);
  });

  test("however many functions of whatever kind share a group, a claim never holds a stranger or misses a function", () => {
    const slots = ["0000:03:00", "0000:04:00"];
    const kinds = ["030000", "040300", "060400"];
    const pool = slots.flatMap((slot) =>
      [0, 1].flatMap((func) => kinds.map((classCode) => ({ address: `${slot}.${func}`, classCode }))),
    );
    for (let mask = 1; mask < 2 ** pool.length; mask += 1) {
      const all = pool
        .filter((_, index) => (mask & (1 << index)) !== 0)
        .filter((each, index, list) => list.findIndex(({ address }) => address === each.address) === index)
        .map((each) => someFunction({ ...each, iommuGroup: "7" }));
      const device = all.find(({ classCode }) => classCode === "030000");
      if (device === undefined) continue;
      const verdict = judgeGroup(device, all);
      const others = all.filter(({ classCode }) => classCode !== "060400");
      const strangers = others.filter(({ address }) => address.slice(0, -2) !== device.address.slice(0, -2));
      const taken = "functions" in verdict ? verdict.functions.length : 0;
      expect(taken).toBe(strangers.length > 0 ? 0 : others.length);
    }
  });
});

describe("the host's own use", () => {
  const unused: HostUseSigns = {
    address: "0000:02:00.0",
    isBootDisplay: false,
    enabledConnectors: [],
    openHandles: [],
    disksInUse: [],
    interfacesUp: [],
  };

  test.each<[Partial<HostUseSigns>, string]>([
    [{ isBootDisplay: true }, "it is the display that the firmware booted with (boot_vga is 1)"],
    [{ enabledConnectors: ["card0-HDMI-A-1", "card0-DP-1"] }, "it shows a picture on card0-HDMI-A-1, card0-DP-1"],
    [{ consoleFramebuffer: "fb0" }, "the host's text console is on its framebuffer fb0"],
    [{ disksInUse: ["nvme0n1p1 (mounted on /)"] }, "the host uses its disk nvme0n1p1 (mounted on /)"],
    [{ interfacesUp: ["enp3s0"] }, "its network interface enp3s0 is up"],
    [{ openHandles: [{ pid: 7, program: "Xorg", path: "/dev/dri/card0" }] }, "Xorg (pid 7) has /dev/dri/card0 open"],
    [{ openHandles: [{ pid: 7, path: "/dev/nvidia0" }] }, "a program (pid 7) has /dev/nvidia0 open"],
  ])("%j is one sign, and enough", (sign, sentence) => {
    expect(describeHostUse({ ...unused, ...sign })).toEqual([sentence]);
    expect(refuseHostUse([{ ...unused, ...sign }])).toEqual([
      { trouble: "host-uses-device", message: `the host uses 0000:02:00.0: ${sentence}` },
    ]);
  });

  test("without a sign nothing is refused, and of several functions only those in use are", () => {
    expect(refuseHostUse([unused])).toEqual([]);
    expect(refuseHostUse([unused, { ...unused, address: "0000:02:00.1", interfacesUp: ["e"] }])).toHaveLength(1);
  });
});

describe("owners", () => {
  const whole = somePartition();
  const firstVf = somePartition({
    partitionId: "q".repeat(26),
    spec: { name: "part", mode: "sriov" },
    place: { mode: "sriov", device: "0000:01:00.0", vendorId: "1", deviceId: "2", vf: 0 },
    functions: [{ address: "0000:01:00.1", vendorId: "1", deviceId: "2" }],
  });

  test("a function belongs to the record that took it, until it is released", () => {
    expect(claimOfFunction("0000:02:00.0", [whole])).toBe(whole);
    expect(claimOfFunction("0000:01:00.1", [whole, firstVf])).toBe(firstVf);
    expect(claimOfFunction("0000:01:00.0", [whole, firstVf])).toBeUndefined();
    for (const phase of ["claimed", "releasing"] as const)
      expect(claimOfFunction("0000:02:00.0", [{ ...whole, phase }])).toBeDefined();
    expect(claimOfFunction("0000:02:00.0", [{ ...whole, phase: "released" }])).toBeUndefined();
  });

  test("parts of a card are the claims on its VFs, in their order", () => {
    const second = { ...firstVf, partitionId: "r", place: { ...firstVf.place, vf: 1 } };
    expect(partsOfDevice("0000:01:00.0", [second, whole, firstVf])).toEqual([firstVf, second]);
  });

  test("a whole card is refused to another while it, or a part of it, is somebody's, who is named", () => {
    const held = { ...firstVf, holder: { kind: "vm", id: "v1" } as const };
    expect(refuseClaimed("x", ["0000:01:00.0", "0000:02:00.0"], [whole, held])).toEqual([
      {
        trouble: "claimed-by-other",
        message: '0000:01:00.0 belongs to GpuPartition "part" of acme/shop/prod (held by VM v1)',
      },
      { trouble: "claimed-by-other", message: '0000:02:00.0 belongs to GpuPartition "g" of acme/shop/prod' },
    ]);
    expect(refuseClaimed(whole.partitionId, ["0000:02:00.0"], [whole])).toEqual([]);
  });

  test("a partition is given to one holder; the same may ask again", () => {
    const vm = (id: string) => ({ kind: "vm", id }) as const;
    expect(refuseHolder(whole, vm("v1"))).toBeUndefined();
    expect(refuseHolder({ ...whole, holder: vm("v1") }, vm("v1"))).toBeUndefined();
    expect(refuseHolder({ ...whole, holder: vm("v1") }, vm("v2"))).toEqual({
      trouble: "held-by-vm",
      message: 'GpuPartition "g" of acme/shop/prod (held by VM v1) is given already',
    });
  });
});

describe("ids", () => {
  const sha256 = (text: string) => new Uint8Array(createHash("sha256").update(text).digest());

  test("a partition's id follows from owner and name, and is none of a VM's", () => {
    const id = derivePartitionId("acme/shop/prod", "g", sha256);
    expect(id).toMatch(/^[a-z2-7]{26}$/);
    expect(derivePartitionId("acme/shop/prod", "g", sha256)).toBe(id);
    expect(derivePartitionId("acme/shop", "prod/g", sha256)).not.toBe(id);
  });

  test("the mediated device's uuid follows from the id, in the shape that the kernel takes", () => {
    const uuid = deriveMdevUuid("a".repeat(26), sha256);
    expect(uuid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(deriveMdevUuid("b".repeat(26), sha256)).not.toBe(uuid);
  });
});
