// Mediated devices of a fake PCI host, as the kernel's mdev core and its sample card were measured: types share their
// parent's memory, a uuid is taken once, and a removal waits until nobody has the device open.

import type { FakeBus, Plugged } from "./fake-bus";

interface FakeMdev {
  readonly uuid: string;
  readonly parent: string;
  readonly type: string;
  readonly group: string;
}

/** The mediated devices of one host. */
export class FakeMdevs {
  private readonly made = new Map<string, FakeMdev>();
  private readonly parents = new Map<string, Plugged>();
  private lastGroup = 100;

  private readonly host: FakeBus;

  constructor(host: FakeBus) {
    this.host = host;
  }

  /** Gives a function with types its files. */
  addParent(parent: Plugged): void {
    if (parent.mdev === undefined) return;
    this.parents.set(parent.address, parent);
    this.tellFree(parent);
  }

  /** A VF that goes takes its types along. */
  removeParent(address: string): void {
    if (!this.parents.delete(address)) return;
    for (const { uuid, parent } of [...this.made.values()]) {
      if (parent !== address) continue;
      this.drop(uuid);
      this.made.delete(uuid);
    }
    const { files, folders } = this.host.system;
    for (const paths of [files, folders])
      for (const path of [...paths.keys()])
        if (`${path}/`.startsWith(`/sys/class/mdev_bus/${address}/`)) paths.delete(path);
  }

  /** Adds a parent that is no PCI function, as the kernel's sample cards are. */
  addVirtualParent(name: string, mdev: NonNullable<Plugged["mdev"]>): void {
    const ids = { vendor: "", device: "", classCode: "" };
    this.addParent({ address: name, ...ids, mdev, override: "", autoprobe: "1", vfs: [] });
  }

  /** `uuid type` of each, for a comparison. */
  list(): readonly string[] {
    return [...this.made.values()].map(({ uuid, type }) => `mdev ${uuid} ${type}`);
  }

  /** What a boot does to them. */
  clear(): void {
    for (const { uuid } of this.made.values()) this.drop(uuid);
    this.made.clear();
  }

  /** The node of a device's group. */
  nodeOf(uuid: string): string {
    return `/dev/vfio/${this.made.get(uuid)?.group ?? ""}`;
  }

  /** Makes one, as somebody else than the agent would. */
  create(path: string, uuid: string): object {
    const [, parent = "", type = ""] =
      /^\/sys\/class\/mdev_bus\/([^/]+)\/mdev_supported_types\/([^/]+)\/create$/.exec(path) ?? [];
    const card = this.parents.get(parent);
    if (card === undefined) return this.host.refuse(path, "ENOENT");
    if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(uuid)) return this.host.refuse(path, "EINVAL");
    if (this.made.has(uuid)) return this.host.refuse(path, "EEXIST");
    if (this.freeOf(card, type) === 0) return this.host.refuse(path, "EUSERS");
    this.lastGroup += 1;
    const group = String(this.lastGroup);
    this.made.set(uuid, { uuid, parent, type, group });
    const folder = `/sys/bus/mdev/devices/${uuid}`;
    this.host.system.links.set(`${folder}/mdev_type`, `../mdev_supported_types/${type}`);
    this.host.system.links.set(`${folder}/iommu_group`, `../../kernel/iommu_groups/${group}`);
    this.host.system.links.set(folder, `../../../devices/${parent}/${uuid}`);
    this.host.system.put(`/dev/vfio/${group}`, "");
    this.tellFree(card);
    return {};
  }

  /** A write to one of the files; undefined where the path is none of these. */
  write(path: string, text: string): object | Promise<object> | undefined {
    if (path.startsWith("/sys/class/mdev_bus/")) return this.create(path, text);
    const uuid = /^\/sys\/bus\/mdev\/devices\/([^/]+)\/remove$/.exec(path)?.[1];
    const found = this.made.get(uuid ?? "");
    if (uuid === undefined || found === undefined) return undefined;
    return this.host.whenFree(this.nodeOf(uuid), uuid, () => {
      this.drop(uuid);
      this.made.delete(uuid);
      const card = this.parents.get(found.parent);
      if (card !== undefined) this.tellFree(card);
    });
  }

  private drop(uuid: string): void {
    const { system } = this.host;
    system.files.delete(this.nodeOf(uuid));
    for (const link of [...system.links.keys()])
      if (link.startsWith(`/sys/bus/mdev/devices/${uuid}`)) system.links.delete(link);
  }

  private freeOf(card: Plugged, id: string): number {
    const size = (type: string): number => card.mdev?.types.find((each) => each.id === type)?.megabytes ?? 0;
    const used = [...this.made.values()].filter(({ parent }) => parent === card.address);
    const left = (card.mdev?.megabytes ?? 0) - used.reduce((sum, { type }) => sum + size(type), 0);
    return size(id) === 0 ? 0 : Math.floor(left / size(id));
  }

  private tellFree(card: Plugged): void {
    for (const { id, name, megabytes } of card.mdev?.types ?? []) {
      const folder = `/sys/class/mdev_bus/${card.address}/mdev_supported_types/${id}`;
      this.host.system.put(`${folder}/name`, `${name}\n`);
      this.host.system.put(`${folder}/description`, `virtual display, ${megabytes} MB framebuffer\n`);
      this.host.system.put(`${folder}/device_api`, "vfio-pci\n");
      this.host.system.put(`${folder}/available_instances`, `${this.freeOf(card, id)}\n`);
    }
  }
}
