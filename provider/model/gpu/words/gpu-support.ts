// On what each mode was run, and on what not: the source of the table in docs/gpu-support.md. A row gets a date only by a run
// whose outcome somebody looked at, never by code that should work.

/** How far a row is proved, from the most to the least. */
export type SupportProof = "hardware" | "emulated" | "contract";

/** One mode of one maker. `kernel`: of the host. `ran`: date of the last whole run, ISO 8601; absent where there was none yet. */
export interface SupportRow {
  readonly mode: "passthrough" | "sriov" | "mdev" | "vendor-vfio";
  readonly vendor: string;
  readonly kernel: string;
  readonly proof: SupportProof;
  /** What stood for the device, or what the code was written against. */
  readonly on: string;
  readonly ran?: string;
}

/** The emulated hosts of `npm run test:gpu`. */
const emulatedKernel = "6.12 (Debian 12's backport), QEMU 10.0";

/** Every row; hardware first once there is any. */
export const gpuSupport: readonly SupportRow[] = [
  {
    mode: "passthrough",
    vendor: "any",
    kernel: emulatedKernel,
    proof: "emulated",
    on: "QEMU's display cards, one of them with a function for sound, behind an emulated IOMMU",
    ran: "2026-11-23",
  },
  {
    mode: "sriov",
    vendor: "any whose driver makes VFs by sysfs",
    kernel: emulatedKernel,
    proof: "emulated",
    on: "QEMU's NVMe device with SR-IOV, named by its address",
    ran: "2026-11-23",
  },
  {
    mode: "mdev",
    vendor: "any with the kernel's interface",
    kernel: emulatedKernel,
    proof: "emulated",
    on: "the kernel's own samples of mediated devices (`mbochs`), whose types share one memory",
    ran: "2026-11-23",
  },
  {
    mode: "vendor-vfio",
    vendor: "NVIDIA",
    kernel: emulatedKernel,
    proof: "emulated",
    on: "a driver of ours that stands in for the vendor's: the same files, types and ids on QEMU's SR-IOV device",
    ran: "2026-11-23",
  },
  {
    mode: "mdev",
    vendor: "NVIDIA vGPU",
    kernel: "before 6.8, or cards before Ada",
    proof: "contract",
    on: "NVIDIA's guide and reports of users; the driver needs a licence",
  },
  {
    mode: "vendor-vfio",
    vendor: "NVIDIA vGPU 17 and newer",
    kernel: "6.8 and newer",
    proof: "contract",
    on: "NVIDIA's guide and reports of users; the driver needs a licence",
  },
  {
    mode: "sriov",
    vendor: "Intel (`xe`), with quotas",
    kernel: "scheduling 6.19, memory 7.0",
    proof: "contract",
    on: "the kernel's documents of the driver's sysfs",
  },
  {
    mode: "sriov",
    vendor: "AMD (`gim`)",
    kernel: "as the driver needs",
    proof: "contract",
    on: "the source of the driver, which makes its VFs when it is loaded",
  },
];
