// Everything that can stand between a GPU and a VM, by name: the error code and the user's next step of each. Preview and
// apply refuse from this one table; scripts find the name in `details.trouble`, so it is never renamed.

import { type ErrorCode, LeeaError } from "../../errors";

interface TroubleWords {
  readonly code: ErrorCode;
  readonly hint: string;
}

/** Each trouble. The message that goes with it says on which device; the hint is the next step. */
export const gpuTroubles = {
  "device-absent": { code: "NOT_FOUND", hint: "`leea gpus` lists what the host has; name one of these." },
  "address-invalid": { code: "INPUT_INVALID", hint: "Write an address as lspci -D does: 0000:01:00.0." },
  "device-is-bridge": { code: "INPUT_INVALID", hint: "Name the device behind the bridge." },
  "device-changed": {
    code: "CONFLICT",
    hint: "Another card sits at this address now. Delete the partition, or put the card back.",
  },
  "no-iommu": {
    code: "PREFLIGHT_FAILED",
    hint: "Switch the IOMMU on in the host's firmware (Intel: VT-d, AMD: AMD-Vi or IOMMU) and boot; `leea gpus` says what is missing.",
  },
  "no-interrupt-remapping": {
    code: "PREFLIGHT_FAILED",
    hint: "Switch interrupt remapping on in the firmware (it belongs to VT-d or AMD-Vi) and take intremap=off or nointremap from the kernel's command line.",
  },
  "vfio-module-missing": {
    code: "PREFLIGHT_FAILED",
    hint: "Install a kernel that has vfio-pci (Debian and Ubuntu: linux-image-amd64 or linux-image-generic).",
  },
  "memlock-too-low": {
    code: "PREFLIGHT_FAILED",
    hint: "A guest with a passed device needs its memory and 1 GiB more locked: raise the limit (LimitMEMLOCK=infinity).",
  },
  "holders-unknown": {
    code: "PREFLIGHT_FAILED",
    hint: "A device that somebody has open cannot be taken or given back safely: let the agent run as root of the host itself.",
  },
  "group-shared": {
    code: "PREFLIGHT_FAILED",
    hint: "Move one of the cards to another slot, or switch ACS on in the firmware, so that each has its own IOMMU group.",
  },
  "host-uses-device": {
    code: "PREFLIGHT_FAILED",
    hint: "Let the host do without it first (another display or console, other disks, another interface), then run again.",
  },
  "no-reset": {
    code: "PREFLIGHT_FAILED",
    hint: "Without a reset one guest's data may reach the next; use another device, or a VF of this one.",
  },
  "no-sriov": { code: "PREFLIGHT_FAILED", hint: "Use mode passthrough, or a device that has VFs." },
  "pf-without-driver": {
    code: "PREFLIGHT_FAILED",
    hint: "VFs are made by the device's own driver: load it and bind the device to it.",
  },
  "pf-on-vfio": {
    code: "PREFLIGHT_FAILED",
    hint: "It is passed through whole, so it has no VFs: delete that partition first, or use another device.",
  },
  "driver-without-sriov": {
    code: "PREFLIGHT_FAILED",
    hint: "This driver makes no VFs by sysfs. Where it makes them when it is loaded (AMD gim: vf_num), set that and load it anew.",
  },
  "vf-count-above-total": { code: "INPUT_INVALID", hint: "Ask for no more VFs than the device has." },
  "vf-count-fixed": {
    code: "IN_USE",
    hint: "The number of VFs changes only while there are none: release what uses them first, or leave `vfs` out.",
  },
  "vf-count-refused": {
    code: "COMMAND_FAILED",
    hint: "The driver refused the number; the host's kernel log says why.",
  },
  "unbind-lock-held": {
    code: "IN_USE",
    hint: "Stop what watches the card for a moment (DCGM, nvidia-persistenced, nvidia-smi), and run again: its VFs change only while nobody has it open.",
  },
  "no-room-for-vfs": {
    code: "PREFLIGHT_FAILED",
    hint: 'Switch on SR-IOV and "above 4G decoding" in the firmware, or boot with pci=realloc.',
  },
  "no-free-vf": { code: "IN_USE", hint: "Delete a partition of this device, or declare this one on another device." },
  "vf-needs-vendor-driver": {
    code: "PREFLIGHT_FAILED",
    hint: "VFs of this device stay on their vendor's driver: use mode vendor-vfio with a profile.",
  },
  "mode-not-offered": { code: "PREFLIGHT_FAILED", hint: "`leea gpus` shows the modes that each device offers." },
  "profile-missing": { code: "INPUT_INVALID", hint: "Set `profile` to one of the types that are named." },
  "profile-unknown": { code: "INPUT_INVALID", hint: "Set `profile` to one of the types that are named." },
  "profile-full": {
    code: "IN_USE",
    hint: "Types of one card share its memory, and most cards hold one size at a time: delete another partition, or use a type that is offered.",
  },
  "mig-instance-missing": {
    code: "PREFLIGHT_FAILED",
    hint: "GPU instances are made by the host's operator, since MIG mode resets the card: give the order that is named, with MIG mode on, and run again.",
  },
  "sizes-not-mixed": {
    code: "PREFLIGHT_FAILED",
    hint: "Use one type for all partitions of the card, or a card and a driver whose types of several sizes mix.",
  },
  "quota-not-offered": {
    code: "PREFLIGHT_FAILED",
    hint: "Leave it out of `quota`. Intel's xe has scheduling quotas since Linux 6.19 and memory quotas on cards with memory of their own since 7.0; no other driver has any.",
  },
  "quota-refused": {
    code: "IN_USE",
    hint: "Partitions of one card share its memory and its engines: ask for less, or delete another one first.",
  },
  "vf-has-type": { code: "CONFLICT", hint: "Somebody else gave the VF a type: clear it, or leave the choice to leea." },
  "mdev-exists": { code: "CONFLICT", hint: "A mediated device of this uuid exists that leea did not make: remove it." },
  "bind-refused": {
    code: "COMMAND_FAILED",
    hint: "The host's kernel log (dmesg) says why the driver did not take the device.",
  },
  "claimed-by-other": {
    code: "CONFLICT",
    hint: "Delete that resource where it is declared, or use another device.",
  },
  "held-by-vm": {
    code: "IN_USE",
    hint: "Drop it from that VM's `gpus`, or delete the VM, and apply; then run again. A stopped VM keeps what it has.",
  },
  "holder-gone": {
    code: "IN_USE",
    hint: "`leea gpus --release PARTITION --yes` gives it back to its host, if no program has it open; then run again with a refresh.",
  },
  "held-by-process": { code: "IN_USE", hint: "End that program and run again; until then nothing is released." },
  "write-blocked": {
    code: "IN_USE",
    hint: "The kernel waits until the device is free and cannot be stopped: end what holds it, and run again.",
  },
  "kernel-refused": {
    code: "COMMAND_FAILED",
    hint: "The host's kernel log (dmesg) says why; `leea gpus` shows the device.",
  },
} as const satisfies Readonly<Record<string, TroubleWords>>;

/** Name of a trouble. */
export type GpuTrouble = keyof typeof gpuTroubles;

/** One thing that stands in the way: what, on which device, with the evidence. */
export interface Refusal {
  readonly trouble: GpuTrouble;
  readonly message: string;
}

/** True for a refusal, where a rule gives either it or its answer. */
export function isRefusal(value: object | undefined): value is Refusal {
  return value !== undefined && "trouble" in value && "message" in value;
}

/** One error for all refusals. `what` is such as `GpuPartition "g" on host "h1"`. One: its own code; several: PREFLIGHT_FAILED. */
export function refusalError(what: string, refusals: readonly Refusal[]): LeeaError {
  const [first] = refusals;
  if (first === undefined) throw new Error("no refusal");
  const reasons = refusals.map(({ message }) => message);
  const details = { trouble: first.trouble, troubles: refusals.map(({ trouble }) => trouble), reasons };
  if (refusals.length === 1)
    return new LeeaError({
      ...gpuTroubles[first.trouble],
      message: `${what} cannot be had: ${first.message}`,
      details,
    });
  return new LeeaError({
    code: "PREFLIGHT_FAILED",
    message: `${what} cannot be had:\n${reasons.map((reason) => `  ${reason}`).join("\n")}`,
    hint: [...new Set(refusals.map(({ trouble }) => gpuTroubles[trouble].hint))].join(" "),
    details,
  });
}
