// The texts of a mediated device's type under mdev_supported_types/ (kernel: sysfs-bus-vfio-mdev, vfio-mediated-device.rst).
// `name` and `description` are optional there and free text; each driver writes its own.

import type { GpuProfile } from "./gpu-profile";

/** The files of one type's folder, as read; absent where there is no such file. */
export interface MdevTypeTexts {
  /** Name of the folder, such as `nvidia-63` or `mbochs-small`. */
  readonly id: string;
  readonly name?: string;
  readonly description?: string;
  readonly availableInstances?: string;
  readonly deviceApi?: string;
}

/** The type, or undefined where it makes no PCI device (`device_api` is vfio-pci, vfio-platform, vfio-ccw …). */
export function parseMdevType(texts: MdevTypeTexts): GpuProfile | undefined {
  if (texts.deviceApi !== undefined && texts.deviceApi.trim() !== "vfio-pci") return undefined;
  const memoryBytes = memoryOf(texts.description ?? "");
  const available = /^\d+$/.exec((texts.availableInstances ?? "").trim())?.[0];
  const name = texts.name?.trim();
  return {
    id: texts.id,
    name: name === undefined || name === "" ? texts.id : name,
    ...(memoryBytes === undefined ? {} : { memoryBytes }),
    ...(available === undefined ? {} : { available: Number(available) }),
  };
}

/** NVIDIA: `framebuffer=1024M`; Intel GVT-g: `high_gm_size: 384MB`; samples: `virtual display, 16 MB framebuffer`. */
const memoryShapes: readonly RegExp[] = [
  /\bframebuffer\s*=\s*(\d+)\s*([MG])B?\b/i,
  /\bhigh_gm_size\s*:\s*(\d+)\s*([MG])B\b/i,
  /\b(\d+)\s*([MG])i?B\s+frame\s?buffer\b/i,
];

function memoryOf(description: string): number | undefined {
  for (const shape of memoryShapes) {
    const found = shape.exec(description);
    if (found !== null) return Number(found[1]) * (found[2]?.toUpperCase() === "G" ? 2 ** 30 : 2 ** 20);
  }
  return undefined;
}
