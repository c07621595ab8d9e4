// What a host lacks before any device can be passed to a guest, each with its one-line fix. Firmware and the kernel's
// command line are the user's; modules are the agent's to load.

import type { GpuTrouble } from "../refusal/gpu-trouble";

/** What the agent saw of its host. */
export interface ReadinessFacts {
  /** Names in /sys/class/iommu; empty: no IOMMU is on. */
  readonly iommus: readonly string[];
  readonly cpuVendor?: "GenuineIntel" | "AuthenticAMD";
  /** The kernel's command line. */
  readonly kernelArguments: string;
  /** An ACPI table (DMAR or IVRS) tells of an IOMMU. */
  readonly hasFirmwareTable: boolean;
  /** True where the kernel says that interrupts are remapped; absent: it cannot be told. */
  readonly remapsInterrupts?: boolean;
  /** vfio-pci is loaded, built in, or can be loaded. */
  readonly hasVfioPci: boolean;
  /** Locked memory that a process of the agent may have, in bytes; absent: no limit. */
  readonly memlockBytes?: number;
}

/** One thing that is missing. `mend` is one line. */
export interface MissingForGpu {
  readonly trouble: GpuTrouble;
  readonly what: string;
  readonly mend: string;
}

/** Locked memory below which no guest of any size starts with a passed device. */
const leastMemlockBytes = 2 ** 30 + 32 * 2 ** 20;

/** What is missing, in the order in which it should be mended; empty: the host is ready. */
export function judgeReadiness(facts: ReadinessFacts): readonly MissingForGpu[] {
  return [...judgeIommu(facts), ...judgeRemapping(facts), ...judgeModule(facts), ...judgeMemlock(facts)];
}

function judgeIommu(facts: ReadinessFacts): readonly MissingForGpu[] {
  if (facts.iommus.length > 0) return [];
  const off = offWord(facts.kernelArguments);
  if (off !== undefined)
    return [
      {
        trouble: "no-iommu",
        what: `the kernel's command line switches the IOMMU off (${off})`,
        mend: `take ${off} from the kernel's command line and boot`,
      },
    ];
  if (facts.hasFirmwareTable) return [kernelArgument(facts)];
  return [
    {
      trouble: "no-iommu",
      what: "the firmware offers no IOMMU (no DMAR or IVRS table)",
      mend: `switch on ${firmwareWord(facts.cpuVendor)} in the firmware and boot`,
    },
  ];
}

function kernelArgument({ cpuVendor }: ReadinessFacts): MissingForGpu {
  const word = cpuVendor === "AuthenticAMD" ? "amd_iommu=on" : "intel_iommu=on";
  return {
    trouble: "no-iommu",
    what: "the firmware offers an IOMMU, and the kernel does not use it",
    mend: `add ${word} to the kernel's command line and boot`,
  };
}

function judgeRemapping({ iommus, remapsInterrupts, kernelArguments }: ReadinessFacts): readonly MissingForGpu[] {
  if (iommus.length === 0 || remapsInterrupts !== false) return [];
  const off = /(?:^|\s)(intremap=off|nointremap|intremap=no\S*)(?=\s|$)/.exec(kernelArguments)?.[1];
  const mend =
    off === undefined
      ? "switch on interrupt remapping in the firmware and boot"
      : `take ${off} from the kernel's command line and boot`;
  return [{ trouble: "no-interrupt-remapping", what: "interrupts of devices are not remapped", mend }];
}

function judgeModule({ hasVfioPci }: ReadinessFacts): readonly MissingForGpu[] {
  if (hasVfioPci) return [];
  return [
    {
      trouble: "vfio-module-missing",
      what: "the kernel has no vfio-pci module",
      mend: "install the distribution's full kernel (linux-image-amd64, linux-image-generic), not a cut-down one, and boot",
    },
  ];
}

function judgeMemlock({ memlockBytes }: ReadinessFacts): readonly MissingForGpu[] {
  if (memlockBytes === undefined || memlockBytes >= leastMemlockBytes) return [];
  return [
    {
      trouble: "memlock-too-low",
      what: `the agent may lock ${Math.floor(memlockBytes / 2 ** 20)} MiB of memory; a guest needs all of its own and 1 GiB more`,
      mend: "set LimitMEMLOCK=infinity for the agent's unit, or raise `ulimit -l`",
    },
  ];
}

/** Whether the agent sees who has devices open. `unseen`: processes that it may not look into; any of them may be a guest. */
export function judgeUnseen(unseen: readonly number[]): readonly MissingForGpu[] {
  if (unseen.length === 0) return [];
  const pids = `${unseen.slice(0, 5).join(", ")}${unseen.length > 5 ? ", …" : ""}`;
  return [
    {
      trouble: "holders-unknown",
      what: `the agent may not see what is open in ${unseen.length === 1 ? "process" : "processes"} ${pids}`,
      mend: "run it as root of the host itself, not of a container",
    },
  ];
}

function offWord(kernelArguments: string): string | undefined {
  return /(?:^|\s)((?:intel_iommu|amd_iommu|iommu)=off)(?=\s|$)/.exec(kernelArguments)?.[1];
}

function firmwareWord(vendor: ReadinessFacts["cpuVendor"]): string {
  if (vendor === "GenuineIntel") return "VT-d";
  return vendor === "AuthenticAMD" ? "AMD-Vi (IOMMU)" : "VT-d (Intel) or AMD-Vi (AMD)";
}

/**
 * Whether interrupts are remapped, by the chips in /proc/interrupts: x86 names a remapped one `IR-IO-APIC`, `IR-PCI-MSI`.
 * undefined where no line names such a chip at all (another architecture). Source: kernel arch/x86, drivers/iommu.
 */
export function readsInterruptRemapping(procInterrupts: string): boolean | undefined {
  const chips = procInterrupts.match(/\b(?:IR-)?(?:IO-APIC|PCI-MSIX?)\b/g);
  return chips === null ? undefined : chips.some((chip) => chip.startsWith("IR-"));
}
