// Which device a declaration means, which interface makes the partition, and what a host lacks.

import { chooseMode, type DeviceOffer } from "../../../../provider/model/gpu/choose-mode";
import {
  judgeReadiness,
  type ReadinessFacts,
  readsInterruptRemapping,
} from "../../../../provider/model/gpu/host/host-readiness";
import type { PartitionSpec } from "../../../../provider/model/gpu/partition-record";
import type { PciFunction } from "../../../../provider/model/gpu/pci/pci-function";
import type { PciNames } from "../../../../provider/model/gpu/pci/pci-names";
import type { Refusal } from "../../../../provider/model/gpu/refusal/gpu-trouble";
import { selectDevices } from "../../../../provider/model/gpu/select-device";
import { someFunction } from "./some-function";

describe("the device", () => {
  const named = (change: Partial<PciFunction>, names: PciNames = {}) => ({ device: someFunction(change), names });
  const h200 = { vendor: "NVIDIA", device: "GH100 [H200 SXM 141GB]" };
  const all = [
    named({ address: "0000:c1:00.0", vendorId: "10de", deviceId: "2335", classCode: "030200" }, h200),
    named({ address: "0000:41:00.0", vendorId: "10de", deviceId: "2335", classCode: "030200", label: "Slot 4" }, h200),
    named({ address: "0000:41:00.4", vendorId: "10de", deviceId: "2335", physicalFunction: "0000:41:00.0" }, h200),
    named({ address: "0000:03:00.0", vendorId: "1002", deviceId: "74a1", classCode: "120000" }, { vendor: "AMD/ATI" }),
    named({ address: "0000:01:00.0", vendorId: "10de", deviceId: "1234", classCode: "020000" }, { vendor: "NVIDIA" }),
    named({ address: "0000:00:03.0", classCode: "060400" }),
  ];
  const addresses = (selector: Partial<PartitionSpec>) => {
    const found = selectDevices(selector, all);
    return "trouble" in found ? found.trouble : found.map(({ device }) => device.address);
  };

  test.each<[Partial<PartitionSpec>, readonly string[] | string]>([
    [{ vendor: "nvidia" }, ["0000:41:00.0", "0000:c1:00.0"]],
    [{ vendor: "10DE", model: "h200" }, ["0000:41:00.0", "0000:c1:00.0"]],
    [{ model: "2335", label: "slot 4" }, ["0000:41:00.0"]],
    [{ vendor: "amd" }, ["0000:03:00.0"]],
    [{ vendor: "ati", model: "74a1" }, ["0000:03:00.0"]],
    [{ vendor: "am" }, "device-absent"],
    [{ model: "H100 PCIe" }, "device-absent"],
    [{ address: "C1:00.0" }, ["0000:c1:00.0"]],
    [{ address: "0000:41:00.4" }, ["0000:41:00.4"]],
    [{ address: "0000:01:00.0" }, ["0000:01:00.0"]],
    [{ address: "0000:00:03.0" }, "device-is-bridge"],
    [{ address: "0000:c2:00.0" }, "device-absent"],
    [{ address: "gpu0" }, "address-invalid"],
  ])("%j means %j", (selector, expected) => {
    expect(addresses(selector)).toEqual(expected);
  });

  test("a refusal says what the host has, and the nearest address", () => {
    expect(selectDevices({ vendor: "intel" }, all)).toMatchObject({
      message:
        "no GPU of the host is intel; it has 0000:c1:00.0 (NVIDIA GH100 [H200 SXM 141GB]), " +
        "0000:41:00.0 (NVIDIA GH100 [H200 SXM 141GB]), 0000:03:00.0 (AMD/ATI)",
    });
    expect(selectDevices({ address: "0000:c2:00.0" }, all)).toMatchObject({
      message: "the host has no device 0000:c2:00.0; did you mean 0000:c1:00.0?",
    });
    expect(selectDevices({ vendor: "intel" }, [])).toMatchObject({
      message: "no GPU of the host is intel; it has none",
    });
  });
});

describe("the mode", () => {
  const no = (trouble: Refusal["trouble"]): Refusal => ({ trouble, message: `no: ${trouble}` });
  const nothing: DeviceOffer = {
    device: "0000:01:00.0",
    againstSriov: [no("no-sriov")],
    againstPassthrough: [no("host-uses-device")],
  };
  const types = [{ id: "1147", name: "NVIDIA L40S-1Q" }];
  const wholeOnly = { ...nothing, againstPassthrough: [] };
  const withVfs = { ...wholeOnly, againstSriov: [] };
  const withMdev = { ...wholeOnly, mdev: { offered: types, known: [] } };
  const withVendor = { ...withMdev, vendorVfio: { offered: types, known: types } };
  const choose = (offer: DeviceOffer, wish: Partial<PartitionSpec>) => {
    const choice = chooseMode(offer, { mode: "auto", ...wish });
    return "refusals" in choice ? choice.refusals.map(({ trouble }) => trouble) : choice.mode;
  };

  test.each<[string, DeviceOffer, Partial<PartitionSpec>, string | readonly string[]]>([
    ["VFs before the whole card", withVfs, {}, "sriov"],
    ["the whole card without VFs", wholeOnly, {}, "passthrough"],
    ["vendor VFIO for a profile", withVendor, { profile: "1147" }, "vendor-vfio"],
    ["mdev for a profile", withMdev, { profile: "L40S-1Q" }, "mdev"],
    ["never a whole card for a profile", withVfs, { profile: "1147" }, ["mode-not-offered", "mode-not-offered"]],
    ["never a whole card for a number of VFs", wholeOnly, { vfs: 2 }, ["no-sriov"]],
    ["types that nobody asked for are not drawn by lot", withVendor, {}, "passthrough"],
    ["nothing: every reason but what it has not", nothing, {}, ["host-uses-device"]],
    [
      "every reason of what it has",
      { ...nothing, againstSriov: [no("no-free-vf")] },
      {},
      ["no-free-vf", "host-uses-device"],
    ],
    ["declared, offered", withVfs, { mode: "passthrough" }, "passthrough"],
    ["declared, not offered", wholeOnly, { mode: "sriov" }, ["no-sriov"]],
    ["declared mdev without a profile", withMdev, { mode: "mdev" }, ["profile-missing"]],
    ["declared mdev on a card without", wholeOnly, { mode: "mdev", profile: "x" }, ["mode-not-offered"]],
    ["declared vendor-vfio, unknown type", withVendor, { mode: "vendor-vfio", profile: "x" }, ["profile-unknown"]],
    ["declared passthrough with a profile", wholeOnly, { mode: "passthrough", profile: "x" }, ["mode-not-offered"]],
    ["declared sriov with a profile", withVfs, { mode: "sriov", profile: "x" }, ["mode-not-offered"]],
  ])("%s", (_, offer, wish, expected) => {
    expect(choose(offer, wish)).toEqual(expected);
  });

  test("a choice says why, and why not what would have been better", () => {
    expect(chooseMode(wholeOnly, { mode: "auto" })).toEqual({
      mode: "passthrough",
      because: "the device has no parts to give, so it is passed whole",
      passedOver: ["not sriov: no: no-sriov"],
    });
  });

  test("the same reason of two modes is told once", () => {
    const offer = { ...nothing, againstSriov: [no("no-iommu")], againstPassthrough: [no("no-iommu")] };
    expect(choose(offer, {})).toEqual(["no-iommu"]);
  });
});

describe("a host that lacks something", () => {
  const ready: ReadinessFacts = {
    iommus: ["dmar0"],
    kernelArguments: "quiet intel_iommu=on iommu=pt",
    hasFirmwareTable: true,
    remapsInterrupts: true,
    hasVfioPci: true,
  };
  const off = { iommus: [], kernelArguments: "quiet" };

  test.each<[string, Partial<ReadinessFacts>, readonly string[]]>([
    ["nothing", {}, []],
    ["nothing, as far as can be told", { memlockBytes: 2 ** 40 }, []],
    [
      "switched off",
      { ...off, kernelArguments: "intel_iommu=off quiet" },
      ["take intel_iommu=off from the kernel's command line and boot"],
    ],
    [
      "not switched on, Intel",
      { ...off, cpuVendor: "GenuineIntel" },
      ["add intel_iommu=on to the kernel's command line and boot"],
    ],
    [
      "not switched on, AMD",
      { ...off, cpuVendor: "AuthenticAMD" },
      ["add amd_iommu=on to the kernel's command line and boot"],
    ],
    [
      "firmware off, Intel",
      { ...off, cpuVendor: "GenuineIntel", hasFirmwareTable: false },
      ["switch on VT-d in the firmware and boot"],
    ],
    [
      "firmware off, AMD",
      { ...off, cpuVendor: "AuthenticAMD", hasFirmwareTable: false },
      ["switch on AMD-Vi (IOMMU) in the firmware and boot"],
    ],
    [
      "firmware off, unknown",
      { ...off, hasFirmwareTable: false },
      ["switch on VT-d (Intel) or AMD-Vi (AMD) in the firmware and boot"],
    ],
    ["no remapping", { remapsInterrupts: false }, ["switch on interrupt remapping in the firmware and boot"]],
    [
      "remapping switched off",
      { remapsInterrupts: false, kernelArguments: "intremap=off" },
      ["take intremap=off from the kernel's command line and boot"],
    ],
    [
      "no module",
      { hasVfioPci: false },
      ["install the distribution's full kernel (linux-image-amd64, linux-image-generic), not a cut-down one, and boot"],
    ],
    [
      "little memory to lock",
      { memlockBytes: 8 * 2 ** 20 },
      ["set LimitMEMLOCK=infinity for the agent's unit, or raise `ulimit -l`"],
    ],
  ])("%s", (_, facts, mends) => {
    expect(judgeReadiness({ ...ready, ...facts }).map(({ mend }) => mend)).toEqual(mends);
  });

  test("everything that is missing is told at once, each on one line", () => {
    const missing = judgeReadiness({ ...ready, ...off, hasVfioPci: false, memlockBytes: 0 });
    expect(missing.map(({ trouble }) => trouble)).toEqual(["no-iommu", "vfio-module-missing", "memlock-too-low"]);
    for (const { what, mend } of missing) expect(`${what}${mend}`).not.toContain("\n");
  });

  test.each([
    ["  1: 9 IR-IO-APIC 1-edge i8042\n 24: 0 IR-PCI-MSI 425984-edge nvme0q0\n", true],
    ["  1: 9 IO-APIC 1-edge i8042\n 24: 0 PCI-MSI 425984-edge\n", false],
    [" 24: 0 IR-PCI-MSIX-0000:01:00.0 0-edge nvme0q0\n", true],
    [" 24: 0 ITS-MSI 524288 Edge\n", undefined],
  ])("interrupts %j are remapped: %s", (text, remapped) => {
    expect(readsInterruptRemapping(text)).toBe(remapped);
  });
});
