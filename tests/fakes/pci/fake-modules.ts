// The VFIO modules of a fake host's kernel, as kmod and the kernel treat them: a module comes with those that it needs, counts
// who needs it and who has it open, and goes only when nobody does. Which devices its driver has does not count.

import type { FakeBus } from "./fake-bus";

const needs: Readonly<Record<string, readonly string[]>> = {
  vfio_pci: ["vfio_pci_core"],
  xe_vfio_pci: ["vfio_pci_core"],
  vfio_pci_core: ["vfio", "irqbypass"],
  vfio_iommu_type1: ["vfio"],
  vfio: [],
  irqbypass: [],
};

const release = "6.12.95";

/** The modules of one host. */
export class FakeModules {
  private readonly loaded = new Set<string>();
  private readonly host: FakeBus;

  /** `drivers`: those that its kernel has, such as `vfio-pci`. */
  constructor(host: FakeBus, drivers: readonly string[]) {
    this.host = host;
    const { system } = host;
    system.put("/proc/sys/kernel/osrelease", `${release}\n`);
    this.boot(0);
    const files = (names: readonly string[]): string => names.map((name) => `kernel/x/${name}.ko.xz`).join(" ");
    const known = [...drivers, ...Object.keys(needs).filter((name) => !name.endsWith("vfio_pci"))];
    if (drivers.length > 0)
      system.put(
        `/lib/modules/${release}/modules.dep`,
        known.map((name) => `kernel/x/${name}.ko.xz: ${files(needs[spelt(name)] ?? [])}\n`).join(""),
      );
    system.put(`/lib/modules/${release}/modules.softdep`, "softdep vfio post: vfio_iommu_type1 vfio_iommu_spapr_tce\n");
    system.programs.set("modprobe", ([, name = ""]) => {
      if (!drivers.includes(name)) return { exitCode: 1, stderr: `modprobe: FATAL: Module ${name} not found\n` };
      this.load(spelt(name));
      system.put(`/sys/bus/pci/drivers/${name}/bind`, "");
      this.tell();
      return {};
    });
    system.programs.set("rmmod", ([, name = ""]) => this.unload(name));
  }

  /** Puts one into the kernel, as somebody else than the agent would. */
  load(name: string): void {
    if (this.loaded.has(name)) return;
    for (const each of needs[name] ?? []) this.load(each);
    this.loaded.add(name);
    if (name === "vfio") this.load("vfio_iommu_type1");
    this.tell();
  }

  /** True while the driver's module is in the kernel. */
  has(driver: string): boolean {
    return this.loaded.has(spelt(driver));
  }

  /** `module name` of each, for a comparison. */
  list(): readonly string[] {
    return [...this.loaded].sort().map((name) => `module ${name}`);
  }

  /** What a boot does to them. */
  clear(): void {
    for (const name of [...this.loaded]) this.drop(name);
    this.boot(1);
  }

  /** Writes the counts anew. */
  tell(): void {
    for (const name of this.loaded) this.host.system.put(`/sys/module/${name}/refcnt`, `${this.countOf(name)}\n`);
  }

  private unload(name: string): object {
    if (!this.loaded.has(name))
      return { exitCode: 1, stderr: `rmmod: ERROR: Module ${name} is not currently loaded\n` };
    if (this.countOf(name) > 0) return { exitCode: 1, stderr: `rmmod: ERROR: Module ${name} is in use\n` };
    this.drop(name);
    this.tell();
    return {};
  }

  private countOf(name: string): number {
    const users = [...this.loaded].filter((other) => needs[other]?.includes(name)).length;
    const isOpened = /^(xe_)?vfio_pci$|^vfio_iommu_type1$/.test(name);
    return users + (isOpened ? this.host.countHeld() : 0);
  }

  private drop(name: string): void {
    this.loaded.delete(name);
    const { files, folders } = this.host.system;
    const gone = [`/sys/module/${name}`, `/sys/bus/pci/drivers/${name.replaceAll("_", "-")}`];
    for (const paths of [files, folders])
      for (const path of [...paths.keys()])
        if (gone.some((folder) => path === folder || path.startsWith(`${folder}/`))) paths.delete(path);
  }

  private boot(more: number): void {
    const path = "/proc/sys/kernel/random/boot_id";
    this.host.system.put(path, `${Number(this.host.system.text(path) ?? 0) + more}\n`);
  }
}

function spelt(name: string): string {
  return name.replaceAll("-", "_");
}
