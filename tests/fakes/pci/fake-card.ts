// What a fake PCI host is built of: cards with their functions, as the emulated hosts of the measurements had them.

/** A type of a mediated device: all of one parent share its memory. */
export interface FakeMdevType {
  readonly id: string;
  readonly name: string;
  readonly megabytes: number;
}

/** A type that the fake vendor's driver gives to VFs: one size at a time on a card. */
export interface FakeVgpuType {
  readonly id: number;
  readonly name: string;
  readonly megabytes: number;
}

/** One function to plug in. Absent `group`: the host has no IOMMU. */
export interface FakeFunction {
  readonly address: string;
  readonly vendor: string;
  readonly device: string;
  readonly classCode: string;
  readonly group?: string;
  /** Driver that takes it by its ids; absent: none knows it. */
  readonly hostDriver?: string;
  /** Address of the root port above it. */
  readonly under?: string;
  readonly resetMethods?: string;
  readonly isBootDisplay?: boolean;
  readonly sriov?: FakeSriov;
  readonly mdev?: { readonly megabytes: number; readonly types: readonly FakeMdevType[] };
}

/** SR-IOV of a PF. `driverHasHook` false: the driver makes no VFs. VFs get groups from `firstGroup` on. */
export interface FakeSriov {
  readonly total: number;
  readonly vfDevice: string;
  readonly firstGroup?: number;
  /** All VFs share the first group, as behind a bridge without ACS. */
  readonly sharesGroup?: boolean;
  readonly vfDriver?: string;
  readonly driverHasHook?: boolean;
  /** Quotas of Intel's xe. `megabytes` absent: it has no memory of its own. `hasPriorities`: each VF may have its own. */
  readonly xe?: { readonly megabytes?: number; readonly hasPriorities?: boolean };
  /** Plain writes of the count are refused: a vendor's tool makes VFs. */
  readonly needsTool?: boolean;
  /** Each VF makes mediated devices (Ampere, and older kernels). */
  readonly vfMdev?: NonNullable<FakeFunction["mdev"]>;
  readonly vendorTypes?: { readonly megabytes: number; readonly types: readonly FakeVgpuType[] };
}

/** A lone display card (bochs-display). */
export const displayCard: FakeFunction = {
  address: "0000:02:00.0",
  vendor: "1234",
  device: "1111",
  classCode: "038000",
  group: "12",
  hostDriver: "bochs-drm",
  under: "0000:00:02.0",
  resetMethods: "bus",
};

/** A card of two functions in one group, neither of which has a reset of its own. */
export const cardWithAudio: readonly FakeFunction[] = [
  {
    address: "0000:03:00.0",
    vendor: "10de",
    device: "2684",
    classCode: "030000",
    group: "13",
    hostDriver: "nouveau",
    under: "0000:00:03.0",
    resetMethods: "",
  },
  {
    address: "0000:03:00.1",
    vendor: "10de",
    device: "22ba",
    classCode: "040300",
    group: "13",
    hostDriver: "snd_hda_intel",
    under: "0000:00:03.0",
    resetMethods: "",
  },
];

/** A card of four VFs on a driver that makes them (the emulated NVMe device). */
export const sriovCard: FakeFunction = {
  address: "0000:01:00.0",
  vendor: "1b36",
  device: "0010",
  classCode: "120000",
  group: "11",
  hostDriver: "nvme",
  under: "0000:00:01.0",
  resetMethods: "flr bus",
  sriov: { total: 4, vfDevice: "0010", firstGroup: 16, vfDriver: "nvme" },
};

/** A card whose VFs its vendor's driver serves (the fake vendor's driver of the measurements). */
export const vendorCard: FakeFunction = {
  address: "0000:41:00.0",
  vendor: "10de",
  device: "2335",
  classCode: "030200",
  group: "41",
  hostDriver: "nvidia",
  under: "0000:40:01.0",
  resetMethods: "flr bus",
  sriov: {
    total: 4,
    vfDevice: "2335",
    firstGroup: 50,
    vendorTypes: {
      megabytes: 4096,
      types: [
        { id: 1147, name: "LAB GPU-1Q", megabytes: 1024 },
        { id: 1148, name: "LAB GPU-2Q", megabytes: 2048 },
        { id: 1159, name: "LAB GPU-4Q", megabytes: 4096 },
      ],
    },
  },
};

/** A card that makes mediated devices (the kernel's mbochs, on a PCI card). */
export const mdevCard: FakeFunction = {
  address: "0000:05:00.0",
  vendor: "8086",
  device: "1912",
  classCode: "030000",
  group: "15",
  hostDriver: "i915",
  under: "0000:00:05.0",
  resetMethods: "flr",
  mdev: {
    megabytes: 256,
    types: [
      { id: "mbochs-small", name: "small", megabytes: 4 },
      { id: "mbochs-medium", name: "medium", megabytes: 16 },
      { id: "mbochs-large", name: "large", megabytes: 64 },
    ],
  },
};

/** An Intel card with memory of its own, on a driver that has quotas (Linux 7.0). */
export const xeCard: FakeFunction = {
  address: "0000:61:00.0",
  vendor: "8086",
  device: "e20b",
  classCode: "038000",
  group: "61",
  hostDriver: "xe",
  under: "0000:60:01.0",
  resetMethods: "flr bus",
  sriov: { total: 4, vfDevice: "e20b", firstGroup: 70, xe: { megabytes: 8192 } },
};

/** A card of NVIDIA's whose VFs make mediated devices, one each (Ampere). */
export const ampereCard: FakeFunction = {
  address: "0000:81:00.0",
  vendor: "10de",
  device: "2236",
  classCode: "030200",
  group: "81",
  hostDriver: "nvidia",
  under: "0000:80:01.0",
  resetMethods: "flr bus",
  sriov: {
    total: 4,
    vfDevice: "2236",
    firstGroup: 90,
    needsTool: true,
    vfMdev: {
      megabytes: 2048,
      types: [{ id: "nvidia-589", name: "NVIDIA A10-2Q", megabytes: 2048 }],
    },
  },
};
