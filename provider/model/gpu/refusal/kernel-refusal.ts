// What the kernel means when it refuses one of our sysfs writes: by what was done, the errno, and how the device stands.
// Measured on Linux 6.1 and 6.12; what was read in drivers/pci/iov.c and drivers/vfio/mdev/ only is marked (source).
//
//   set-vf-count   ERANGE above total · EBUSY other count stands · ENOENT no driver | on vfio-pci | driver without SR-IOV
//                  ENOMEM no BAR or bus room (source) · EPERM the driver's own no
//   bind           EINVAL no IOMMU | VF of a vendor's driver · EBUSY VF of a vendor's driver · written, yet unbound: the same
//   create-mdev    EEXIST uuid taken · EUSERS, ENOSPC, ENOMEM full
//   set-vgpu-type  EINVAL unknown · EEXIST has one · ENOSPC full or other size
//   clear-vgpu-type EPERM, EBUSY a VM holds it
//   set-quota      EACCES, EPERM, ENOTSUP not this one · EINVAL, EIO, ENOSPC, EBUSY not that much (sysfs-driver-intel-xe-sriov)

import type { Errno } from "./errno";
import type { GpuTrouble, Refusal } from "./gpu-trouble";

/** The writes that leea does. `unbind` covers `driver/unbind`, `remove-mdev` the device's `remove`. */
export type GpuAct =
  | "set-vf-count"
  | "set-autoprobe"
  | "set-override"
  | "bind"
  | "unbind"
  | "create-mdev"
  | "remove-mdev"
  | "set-vgpu-type"
  | "clear-vgpu-type"
  | "set-quota";

/** How the device stood when the write was refused. */
export interface WriteState {
  /** Address or uuid, for the message. */
  readonly device: string;
  readonly driver?: string;
  readonly hasIommuGroup: boolean;
  /** The VF has a folder of its vendor's driver (`nvidia/`). */
  readonly isVendorServed?: boolean;
}

/** The refusal. `errno` absent: the writer's words were not understood. */
export function explainWrite(act: GpuAct, errno: Errno | undefined, state: WriteState): Refusal {
  const trouble = troubleOf(act, errno, state);
  return { trouble, message: messageOf(trouble, act, errno, state) };
}

/** The probe was written without an error and the driver did not take the device, which the kernel does not tell. */
export function explainUnbound(state: WriteState & { readonly wanted: string }): Refusal {
  const { device, driver, wanted } = state;
  if (!state.hasIommuGroup) return { trouble: "no-iommu", message: `${device} is in no IOMMU group` };
  const now = driver === undefined ? "has no driver" : `is on ${driver}`;
  return { trouble: "bind-refused", message: `${device} ${now}: ${wanted} did not take it` };
}

/** The write did not come back in time. */
export function explainBlocked(act: GpuAct, device: string): Refusal {
  return {
    trouble: "write-blocked",
    message: `${device} is in use: the kernel keeps the order to ${words[act]} waiting`,
  };
}

function troubleOf(act: GpuAct, errno: Errno | undefined, state: WriteState): GpuTrouble {
  if (act === "set-vf-count") return vfCountTrouble(errno, state);
  if (act === "bind") return bindTrouble(errno, state);
  const known = errno === undefined ? undefined : table[act]?.[errno];
  return known ?? "kernel-refused";
}

function vfCountTrouble(errno: Errno | undefined, { driver }: WriteState): GpuTrouble {
  if (errno === "ENOENT") {
    if (driver === undefined) return "pf-without-driver";
    return isVfioDriver(driver) ? "pf-on-vfio" : "driver-without-sriov";
  }
  if (errno === "ERANGE") return "vf-count-above-total";
  if (errno === "EBUSY") return "vf-count-fixed";
  if (errno === "ENOMEM") return "no-room-for-vfs";
  return errno === "EPERM" || errno === "EINVAL" || errno === "ENODEV" ? "vf-count-refused" : "kernel-refused";
}

function bindTrouble(errno: Errno | undefined, state: WriteState): GpuTrouble {
  if (state.isVendorServed === true && (errno === "EBUSY" || errno === "EINVAL")) return "vf-needs-vendor-driver";
  if (errno === "EINVAL" && !state.hasIommuGroup) return "no-iommu";
  return errno === undefined ? "kernel-refused" : "bind-refused";
}

const table: Readonly<Partial<Record<GpuAct, Readonly<Partial<Record<Errno, GpuTrouble>>>>>> = {
  "create-mdev": { EEXIST: "mdev-exists", EUSERS: "profile-full", ENOSPC: "profile-full", ENOMEM: "profile-full" },
  "set-vgpu-type": {
    EINVAL: "profile-unknown",
    EEXIST: "vf-has-type",
    ENOSPC: "profile-full",
    EPERM: "held-by-process",
  },
  "clear-vgpu-type": { EPERM: "held-by-process", EBUSY: "held-by-process" },
  "set-quota": {
    EACCES: "quota-not-offered",
    EPERM: "quota-not-offered",
    ENOTSUP: "quota-not-offered",
    EINVAL: "quota-refused",
    EIO: "quota-refused",
    ENOSPC: "quota-refused",
    EBUSY: "quota-refused",
  },
  unbind: { EPERM: "held-by-process", EBUSY: "held-by-process" },
};

/** What was being done, as an infinitive. */
const words: Readonly<Record<GpuAct, string>> = {
  "set-vf-count": "change the number of its VFs",
  "set-autoprobe": "keep host drivers from its VFs",
  "set-override": "set its driver_override",
  bind: "bind it",
  unbind: "take it from its driver",
  "create-mdev": "make the mediated device",
  "remove-mdev": "remove the mediated device",
  "set-vgpu-type": "give the VF its type",
  "clear-vgpu-type": "take the VF's type back",
  "set-quota": "set the quota of its VF",
};

function messageOf(trouble: GpuTrouble, act: GpuAct, errno: Errno | undefined, state: WriteState): string {
  const of = `${state.device} ${state.driver === undefined ? "without a driver" : `on driver ${state.driver}`}`;
  const why: Partial<Record<GpuTrouble, string>> = {
    "no-iommu": `${state.device} is in no IOMMU group`,
    "pf-without-driver": `${state.device} has no driver to make VFs`,
    "pf-on-vfio": `${state.device} is on vfio-pci, which makes no VFs`,
    "driver-without-sriov": `driver ${state.driver} of ${state.device} makes no VFs by sysfs`,
    "vf-needs-vendor-driver": `${state.device} is served by ${state.driver ?? "its vendor's driver"}, which keeps it`,
  };
  return why[trouble] ?? `the kernel refused to ${words[act]} (${errno ?? "unknown error"}): ${of}`;
}

/** True for vfio-pci and its variants for one vendor (`xe-vfio-pci`, `nvgrace_gpu_vfio_pci`, `mlx5_vfio_pci`). */
export function isVfioDriver(driver: string): boolean {
  return /(^|[-_])vfio[-_]pci$/.test(driver);
}
