// What sysfs and pci.ids say of a PCI function: addresses, classes, BARs, names, reset methods.

import { comparePciAddresses, isSameSlot, parsePciAddress } from "../../../../provider/model/gpu/pci/pci-address";
import { parseResourceFile } from "../../../../provider/model/gpu/pci/pci-bars";
import { describeClass, kindOfClass, parseClassCode } from "../../../../provider/model/gpu/pci/pci-class";
import { parseResetMethods } from "../../../../provider/model/gpu/pci/pci-function";
import { readPciIds } from "../../../../provider/model/gpu/pci/pci-names";

describe("addresses", () => {
  test.each([
    ["0000:01:00.0", "0000:01:00.0"],
    ["01:00.0", "0000:01:00.0"],
    [" 0000:C1:1F.7 ", "0000:c1:1f.7"],
    ["10000:e1:00.0", "10000:e1:00.0"],
  ])("%s is read as %s", (written, text) => {
    expect(parsePciAddress(written)?.text).toBe(text);
  });

  test.each(["", "01:00", "0000:01:00.8", "0000:01:20.0", "1:0.0", "0000:01:00.0,x", "0000:01:00.0\n0000:02:00.0"])(
    "%j is no address",
    (written) => {
      expect(parsePciAddress(written)).toBeUndefined();
    },
  );

  test("they are sorted as numbers, domain first, and what is no address comes last", () => {
    const sorted = ["0000:10:00.0", "x", "0001:00:00.0", "0000:0a:00.1", "0000:0a:00.0"].sort(comparePciAddresses);
    expect(sorted).toEqual(["0000:0a:00.0", "0000:0a:00.1", "0000:10:00.0", "0001:00:00.0", "x"]);
  });

  test("functions of one card share its slot", () => {
    expect(isSameSlot("0000:03:00.0", "0000:03:00.1")).toBe(true);
    expect(isSameSlot("0000:03:00.0", "0000:03:01.0")).toBe(false);
    expect(isSameSlot("x", "x")).toBe(false);
  });
});

describe("classes", () => {
  test.each([
    ["0x030000\n", "display", "VGA controller"],
    ["0x030200", "display", "3D controller"],
    ["0x038000", "display", "display controller"],
    ["0x120000", "accelerator", "processing accelerator"],
    ["0x0b4000", "accelerator", "co-processor"],
    ["0x040300", "audio", "audio device"],
    ["0x060400", "bridge", "PCI bridge"],
    ["0x060000", "bridge", "bridge device (class 0600)"],
    ["0x010802", "storage", "NVMe controller"],
    ["0x020000", "network", "Ethernet controller"],
    ["0x088000", "other", "other device (class 0880)"],
  ])("%j is a %s", (text, kind, words) => {
    const code = parseClassCode(text) ?? "";
    expect([kindOfClass(code), describeClass(code)]).toEqual([kind, words]);
  });

  test.each(["", "0x0300", "VGA", "0x0300000"])("%j is no class", (text) => {
    expect(parseClassCode(text)).toBeUndefined();
  });
});

describe("the resource file", () => {
  test("has memory BARs with their sizes; ports, the ROM and empty lines are none", () => {
    const lines = [
      "0x00000000fd000000 0x00000000fdffffff 0x0000000000040200",
      "0x000000e000000000 0x000000ffffffffff 0x000000000014220c",
      "0x0000000000000000 0x0000000000000000 0x0000000000000000",
      "0x000000000000e000 0x000000000000e07f 0x0000000000040101",
      "0x0000000000000000 0x0000000000000000 0x0000000000000000",
      "0x0000000000000000 0x0000000000000000 0x0000000000000000",
      "0x00000000fe000000 0x00000000fe07ffff 0x0000000000046200",
      "0x000000e800000000 0x000000e8ffffffff 0x0000000000140204",
    ];
    expect(parseResourceFile(`${lines.join("\n")}\n`)).toEqual({
      own: [
        { index: 0, sizeBytes: 16 * 2 ** 20, is64Bit: false, isPrefetchable: false },
        { index: 1, sizeBytes: 128 * 2 ** 30, is64Bit: true, isPrefetchable: true },
      ],
      virtual: [{ index: 0, sizeBytes: 4 * 2 ** 30, is64Bit: true, isPrefetchable: false }],
    });
  });

  test.each(["", "not a resource", "0x1 0x2"])("%j has none", (text) => {
    expect(parseResourceFile(text)).toEqual({ own: [], virtual: [] });
  });
});

describe("names", () => {
  const text = `# pci.ids
1002  Advanced Micro Devices, Inc. [AMD/ATI]
\t5046  Rage 128 PRO AGP 4x TMDS
10de  NVIDIA Corporation
\t1eb8  TU104GL [Tesla T4]
\t2335  GH100 [H200 SXM 141GB]
\t\t10de 18be  H200 SXM5
# a remark
1af4  Red Hat, Inc.
\t1050  Virtio 1.0 GPU
\t10de  a device whose id is a vendor's
C 03  Display controller
\t00  VGA compatible controller
`;
  const nameOf = readPciIds(text);

  test.each([
    ["10de", "2335", { vendor: "NVIDIA", device: "GH100 [H200 SXM 141GB]" }],
    ["1002", "5046", { vendor: "AMD/ATI", device: "Rage 128 PRO AGP 4x TMDS" }],
    ["1af4", "1050", { vendor: "Red Hat", device: "Virtio 1.0 GPU" }],
    ["10de", "18be", { vendor: "NVIDIA" }],
    ["10de", "1050", { vendor: "NVIDIA" }],
    ["ffff", "0000", {}],
    ["C 03", "00", {}],
  ])("%s:%s", (vendorId, deviceId, names) => {
    expect(nameOf(vendorId, deviceId)).toEqual(names);
  });

  test("without a pci.ids there are none", () => {
    expect(readPciIds("")("10de", "2335")).toEqual({});
  });
});

test.each([
  ["flr\n", ["flr"]],
  ["flr bus\n", ["flr", "bus"]],
  ["device_specific acpi pm\n", ["device_specific", "acpi", "pm"]],
  ["\n", []],
])("reset methods %j", (text, methods) => {
  expect(parseResetMethods(text)).toEqual(methods);
});
