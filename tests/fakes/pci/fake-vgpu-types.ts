// The types that a fake vendor's driver gives to VFs, as its lab stand-in was measured: the list shrinks as siblings fill,
// one size at a time, and a type cannot be taken away under a guest. Its errnos are the stand-in's own choice.

import type { FakeBus, Plugged } from "./fake-bus";

/** The typed VFs of one host. */
export class FakeVgpuTypes {
  /** A driver that takes the order and does nothing. */
  isDeaf = false;
  /** Cards that take types of several sizes. */
  readonly mixed = new Set<string>();
  private readonly typed = new Map<string, number>();

  private readonly host: FakeBus;

  constructor(host: FakeBus) {
    this.host = host;
  }

  /** A VF that is gone has no type. */
  forget(vf: string): void {
    this.typed.delete(vf);
  }

  /** Its type, if it has one. */
  typeOf(vf: string): number | undefined {
    return this.typed.get(vf);
  }

  /** Lets types of several sizes onto the card. */
  allowMixed(card: string): void {
    this.mixed.add(card);
    this.tell(card);
  }

  /** True for a VF that its vendor's driver serves to VFIO. */
  isServed({ physicalFunction, driver }: Plugged): boolean {
    const card = this.host.functions.get(physicalFunction ?? "");
    return card?.sriov?.vendorTypes !== undefined && driver === card.hostDriver;
  }

  /** `address type` of each VF that has one, for a comparison. */
  list(): readonly string[] {
    return [...this.typed].map(([vf, type]) => `vgpu ${vf} ${type}`);
  }

  /** Gives a VF on its vendor's driver its files, and takes them from one that is not. */
  serve(device: Plugged): void {
    if (device.physicalFunction === undefined) return;
    if (this.isServed(device)) this.tell(device.physicalFunction);
    else for (const file of ["current_vgpu_type", "creatable_vgpu_types"]) this.dropFile(device.address, file);
  }

  /** A write to `current_vgpu_type`. */
  write(path: string, device: Plugged, text: string): object {
    const id = Number(text);
    const pf = device.physicalFunction ?? "";
    const node = this.host.nodeOf(device.address);
    if (!this.isServed(device)) return this.host.refuse(path, "ENOENT");
    if (!Number.isInteger(id)) return this.host.refuse(path, "EINVAL");
    if (node !== undefined && this.host.isHeld(node)) return this.host.refuse(path, "EPERM");
    if (id !== 0 && this.typed.has(device.address)) return this.host.refuse(path, "EEXIST");
    if (id !== 0 && !this.types(pf).some((type) => type.id === id)) return this.host.refuse(path, "EINVAL");
    if (id !== 0 && !this.fits(pf, id)) return this.host.refuse(path, "ENOSPC");
    if (this.isDeaf) return {};
    if (id === 0) this.typed.delete(device.address);
    else this.typed.set(device.address, id);
    this.tell(pf);
    return {};
  }

  private types(pf: string) {
    return this.host.functions.get(pf)?.sriov?.vendorTypes?.types ?? [];
  }

  private fits(pf: string, id: number): boolean {
    const card = this.host.functions.get(pf);
    const size = (type: number): number => this.types(pf).find((each) => each.id === type)?.megabytes ?? 0;
    const siblings = (card?.vfs ?? []).flatMap((vf) => this.typed.get(vf) ?? []);
    if (!this.mixed.has(pf) && siblings.some((type) => type !== id)) return false;
    const used = siblings.reduce((sum, type) => sum + size(type), 0);
    return used + size(id) <= (card?.sriov?.vendorTypes?.megabytes ?? 0);
  }

  private tell(pf: string): void {
    for (const vf of this.host.functions.get(pf)?.vfs ?? []) {
      const device = this.host.functions.get(vf);
      if (device === undefined || !this.isServed(device)) continue;
      const own = this.typed.get(vf);
      const list = own === undefined ? this.types(pf).filter(({ id }) => this.fits(pf, id)) : [];
      const lines = list.map(({ id, name }) => `${String(id).padEnd(5)} : ${name}`);
      this.host.setFile(vf, "nvidia/creatable_vgpu_types", ["ID    : vGPU Name", ...lines, ""].join("\n"));
      this.host.setFile(vf, "nvidia/current_vgpu_type", `${own ?? 0}\n`);
    }
  }

  private dropFile(address: string, file: string): void {
    this.host.system.files.delete(`/sys/bus/pci/devices/${address}/nvidia/${file}`);
  }
}
