// Which kernel modules come along when one is loaded, by the lists that depmod keeps (modules.dep(5), modules.softdep): what
// leea may have brought into the kernel, and so may take out again.

/** The texts of modules.dep and modules.softdep. */
export interface ModuleLists {
  readonly dep: string;
  readonly softdep: string;
}

/** The kernel's own spelling: - is _. */
export function moduleName(name: string): string {
  return name.replaceAll("-", "_");
}

/**
 * The module and everything that is loaded with it, soft dependencies too, in the kernel's spelling, each once. One that
 * the lists do not know (built in, or absent) stands for itself.
 */
export function modulesLoadedWith(name: string, lists: ModuleLists): readonly string[] {
  const found = new Set<string>();
  const open = [moduleName(name)];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (found.has(next)) continue;
    found.add(next);
    open.push(...dependenciesOf(next, lists.dep), ...softDependenciesOf(next, lists.softdep));
  }
  return [...found];
}

/** `a/b/vfio-pci.ko.xz: a/b/vfio-pci-core.ko.xz …` */
function dependenciesOf(name: string, dep: string): readonly string[] {
  for (const line of dep.split("\n")) {
    const [file = "", rest = ""] = line.split(":");
    if (nameOfFile(file) === name) return rest.split(/\s+/).flatMap((each) => nameOfFile(each) ?? []);
  }
  return [];
}

/** `softdep vfio post: vfio_iommu_type1 vfio_iommu_spapr_tce` */
function softDependenciesOf(name: string, softdep: string): readonly string[] {
  return softdep.split("\n").flatMap((line) => {
    const [word, module = "", ...rest] = line.trim().split(/\s+/);
    if (word !== "softdep" || moduleName(module) !== name) return [];
    return rest.filter((each) => !each.endsWith(":")).map(moduleName);
  });
}

function nameOfFile(path: string): string | undefined {
  const file = /([^/]+)\.ko(\.\w+)?$/.exec(path.trim())?.[1];
  return file === undefined ? undefined : moduleName(file);
}
