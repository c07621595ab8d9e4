// What kind of device a PCI class code names (PCI Code and ID Assignment, base class and sub-class). Only the kinds that
// matter for handing a device to a guest are told apart.

/** Kind of a function. `bridge` never belongs to a claim; `display` and `accelerator` are what vendor and model find. */
export type PciKind = "display" | "accelerator" | "audio" | "bridge" | "storage" | "network" | "other";

const kinds: Readonly<Record<string, PciKind>> = {
  "01": "storage",
  "02": "network",
  "03": "display",
  "06": "bridge",
  "12": "accelerator",
};

/** Reads sysfs's `class` (`0x030200`) as six digits; undefined for anything else. */
export function parseClassCode(text: string): string | undefined {
  return /^(?:0x)?([0-9a-f]{6})$/.exec(text.trim().toLowerCase())?.[1];
}

/** Kind by class code, six hex digits. Co-processors (0b40) count as accelerators; audio is 0401 and 0403. */
export function kindOfClass(classCode: string): PciKind {
  const subClass = classCode.slice(0, 4);
  if (subClass === "0b40") return "accelerator";
  if (subClass === "0401" || subClass === "0403") return "audio";
  return kinds[classCode.slice(0, 2)] ?? "other";
}

/** The kind in words, such as `3D controller`: for people, who know it from lspci. */
export function describeClass(classCode: string): string {
  const known = classWords[classCode.slice(0, 4)];
  return known ?? `${kindOfClass(classCode)} device (class ${classCode.slice(0, 4)})`;
}

const classWords: Readonly<Record<string, string>> = {
  "0106": "SATA controller",
  "0108": "NVMe controller",
  "0200": "Ethernet controller",
  "0300": "VGA controller",
  "0302": "3D controller",
  "0380": "display controller",
  "0403": "audio device",
  "0604": "PCI bridge",
  "0b40": "co-processor",
  "0c03": "USB controller",
  "1200": "processing accelerator",
};
