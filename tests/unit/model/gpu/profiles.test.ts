// The types that drivers offer, in every spelling that was seen, and which of them a declared one means.

import {
  type GpuProfile,
  matchProfile,
  memoryOfVgpuName,
  refuseProfile,
} from "../../../../provider/model/gpu/profile/gpu-profile";
import { parseMdevType } from "../../../../provider/model/gpu/profile/mdev-type";
import { parseCreatableTypes, parseCurrentType } from "../../../../provider/model/gpu/profile/vgpu-types";

const mebibyte = 2 ** 20;

describe("mediated device types", () => {
  test.each([
    [
      "NVIDIA",
      {
        id: "nvidia-63",
        name: "GRID P4-2Q\n",
        description:
          "num_heads=4, frl_config=60, framebuffer=2048M, max_resolution=7680x4320, max_instance=4, class=Quadro\n",
        availableInstances: "4\n",
        deviceApi: "vfio-pci\n",
      },
      { id: "nvidia-63", name: "GRID P4-2Q", memoryBytes: 2048 * mebibyte, available: 4 },
    ],
    [
      "Intel GVT-g",
      {
        id: "i915-GVTg_V5_4",
        description:
          "low_gm_size: 128MB\nhigh_gm_size: 512MB\nfence: 4\nresolution: 1920x1200\nweight: 4\nnum_vms: 1\n",
        availableInstances: "1\n",
        deviceApi: "vfio-pci\n",
      },
      { id: "i915-GVTg_V5_4", name: "i915-GVTg_V5_4", memoryBytes: 512 * mebibyte, available: 1 },
    ],
    [
      "the kernel's sample card",
      {
        id: "mbochs-medium",
        name: "medium",
        description: "virtual display, 16 MB framebuffer\n",
        availableInstances: "0",
      },
      { id: "mbochs-medium", name: "medium", memoryBytes: 16 * mebibyte, available: 0 },
    ],
    ["no files at all", { id: "x-1" }, { id: "x-1", name: "x-1" }],
  ])("%s", (_, texts, type) => {
    expect(parseMdevType(texts)).toEqual(type);
  });

  test("one that makes no PCI device is none", () => {
    expect(parseMdevType({ id: "vfio_ccw-io", deviceApi: "vfio-ccw\n" })).toBeUndefined();
  });
});

describe("NVIDIA's list of creatable types", () => {
  const h200: GpuProfile = { id: "1428", name: "NVIDIA H200X-141C", memoryBytes: 141 * 2 ** 30 };
  const l40s: GpuProfile = { id: "1147", name: "NVIDIA L40S-1Q", memoryBytes: 2 ** 30 };

  test.each([
    ["the number first, with a colon", "1428 : NVIDIA H200X-141C\n", [h200]],
    ["the number first, without", "1428    NVIDIA H200X-141C\n", [h200]],
    ["the number last", "NVIDIA L40S-1Q   1147\n", [l40s]],
    ["the number last, with a colon", "NVIDIA L40S-1Q : 1147\n", [l40s]],
    ["a headline", "ID    : vGPU Name\n1147  : NVIDIA L40S-1Q\n", [l40s]],
    ["a line of dashes and blank lines", "-----\n\n1147: NVIDIA L40S-1Q\n\n", [l40s]],
    ["a leading zero", "01147 : NVIDIA L40S-1Q", [l40s]],
    ["two", "1147 : NVIDIA L40S-1Q\n1428 : NVIDIA H200X-141C\n", [l40s, h200]],
    ["none", "", []],
    ["only the headline", "ID    : vGPU Name\n", []],
    ["numbers alone", "12 34\n", []],
  ])("%s", (_, text, types) => {
    expect(parseCreatableTypes(text)).toEqual(types);
  });

  test.each([
    ["0\n", undefined],
    ["", undefined],
    ["1147\n", "1147"],
    ["1147 : NVIDIA L40S-1Q\n", "1147"],
    ["none", undefined],
  ])("current type %j", (text, id) => {
    expect(parseCurrentType(text)).toBe(id);
  });
});

test.each([
  ["NVIDIA L40S-1Q", 2 ** 30],
  ["GRID T4-0B", 2 ** 29],
  ["NVIDIA A100-1-5C", 5 * 2 ** 30],
  ["NVIDIA A100-1-5CME", 5 * 2 ** 30],
  ["NVIDIA H200X-141C", 141 * 2 ** 30],
  ["small", undefined],
  ["NVIDIA L40S", undefined],
])("memory by the name %s", (name, bytes) => {
  expect(memoryOfVgpuName(name)).toBe(bytes);
});

describe("the declared type", () => {
  const offered: readonly GpuProfile[] = [
    { id: "1147", name: "NVIDIA L40S-1Q" },
    { id: "1148", name: "NVIDIA L40S-2Q" },
    { id: "mbochs-small", name: "small", available: 16 },
    { id: "mbochs-large", name: "large", available: 0 },
  ];

  test.each([
    ["1147", "1147"],
    ["NVIDIA L40S-1Q", "1147"],
    ["nvidia l40s-1q", "1147"],
    ["L40S-2Q", "1148"],
    ["small", "mbochs-small"],
    ["mbochs-small", "mbochs-small"],
    ["L40S", undefined],
    ["1Q", undefined],
    ["", undefined],
  ])("%j means %s", (wanted, id) => {
    expect(matchProfile(offered, wanted)?.id).toBe(id);
  });

  const refuse = (wanted: string, known: readonly GpuProfile[] = offered) =>
    refuseProfile(wanted, "0000:01:00.4", { offered, known });

  test("one that is offered is not refused", () => {
    expect(refuse("small")).toBeUndefined();
    expect(refuse("L40S-1Q")).toBeUndefined();
  });

  test("one of which none is left is full, and says what is left", () => {
    expect(refuse("large")).toEqual({
      trouble: "profile-full",
      message:
        "0000:01:00.4 has no room for one more large; it offers NVIDIA L40S-1Q (1147), NVIDIA L40S-2Q (1148), small (mbochs-small)",
    });
  });

  test("one that the card has and does not offer now is full: others of another size are on it", () => {
    const known = [...offered, { id: "1159", name: "NVIDIA L40S-48Q" }];
    expect(refuse("L40S-48Q", known)).toMatchObject({ trouble: "profile-full" });
  });

  test("a misspelt one is unknown, with the nearest", () => {
    expect(refuse("NVIDIA L40S-1X")).toMatchObject({
      trouble: "profile-unknown",
      message: expect.stringContaining('did you mean "NVIDIA L40S-1Q"'),
    });
  });

  test("where nothing is offered, that is said", () => {
    expect(refuseProfile("small", "0000:01:00.4", { offered: [], known: [] })?.message).toBe(
      '0000:01:00.4 has no type "small"; nothing more can be made on it now',
    );
  });
});
