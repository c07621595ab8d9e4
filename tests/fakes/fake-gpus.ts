// The passed devices of a fake QEMU: which sit behind which root port, and whether its guest lets go of them when it is asked.

import type { QmpArguments } from "../../provider/agent/qmp/commands";
import { QemuError } from "./fake-mirrors";

interface Device {
  readonly driver: string;
  readonly id: string;
  readonly bus: string;
  readonly host?: string;
  readonly sysfsdev?: string;
}

/** The devices by id. */
export class FakeGpus {
  readonly devices = new Map<string, Device>();
  readonly ports: number;
  /** Whether the guest lets go. */
  obeysEject = true;
  /** Whether QEMU can send the devices' state. */
  canMove = false;
  /** QEMU's words where it refuses to plug in. */
  refusal: string | undefined;

  constructor(argv: readonly string[]) {
    const objects = argv.filter((word) => word.startsWith('{"driver":')).map((word) => JSON.parse(word) as Device);
    this.ports = objects.filter(({ driver, id }) => driver === "pcie-root-port" && id.startsWith("rp-gpu-")).length;
    for (const device of objects.filter(({ driver }) => driver === "vfio-pci")) this.devices.set(device.id, device);
  }

  plug(device: Device): void {
    if (this.refusal !== undefined) throw new QemuError(this.refusal);
    if (!/^rp-gpu-[0-7]$/.test(device.bus) || Number(device.bus.slice(-1)) >= this.ports)
      throw new QemuError(`Bus '${device.bus}' not found`);
    if (this.devices.has(device.id)) throw new QemuError(`Duplicate device ID '${device.id}'`);
    this.devices.set(device.id, device);
  }

  /** All functions of the slot go with the first one. */
  askFor(id: string, runs: boolean): void {
    if (!this.devices.has(id)) throw new QemuError(`Device '${id}' not found`);
    if (!runs || !this.obeysEject) return;
    for (const each of [...this.devices.keys()]) if (each.startsWith(id)) this.devices.delete(each);
  }

  list(): readonly { readonly name: string; readonly type: string }[] {
    const ports = Array.from({ length: this.ports }, (_, index) => ({
      name: `rp-gpu-${index}`,
      type: "child<pcie-root-port>",
    }));
    return [
      { name: "type", type: "string" },
      ...ports,
      ...[...this.devices.keys()].map((name) => ({ name, type: "child<vfio-pci>" })),
    ];
  }

  busOf(path: string): string {
    const bus = this.devices.get(path.split("/").at(-1) ?? "")?.bus;
    if (bus === undefined) throw new QemuError(`Device '${path}' not found`);
    return `/machine/peripheral/${bus}/${bus}`;
  }

  /** The part of query-migrate that tells of devices that cannot move. */
  describeBlockers(): { readonly "blocked-reasons"?: readonly string[] } {
    const reasons = this.canMove
      ? []
      : [...this.devices.values()].map(({ host }) => `${host ?? "mdev"}: VFIO migration is not supported in kernel`);
    return reasons.length === 0 ? {} : { "blocked-reasons": reasons };
  }

  refuseMove(): void {
    const [reason] = this.describeBlockers()["blocked-reasons"] ?? [];
    if (reason !== undefined) throw new QemuError(reason);
  }

  /** True where the other end has devices behind the same ports; which of its host's they are is its own business. */
  isLike(other: FakeGpus): boolean {
    const places = ({ devices }: FakeGpus): string =>
      [...devices.values()]
        .map(({ bus }) => bus)
        .sort()
        .join(" ");
    return this.ports === other.ports && places(this) === places(other);
  }
}

/** The commands that have to do with passed devices. */
export function gpuActs(qemu: () => { readonly gpus: FakeGpus; readonly runs: boolean }) {
  return {
    device_add: (args: QmpArguments<"device_add">) => qemu().gpus.plug(args),
    device_del: ({ id }: QmpArguments<"device_del">) => qemu().gpus.askFor(id, qemu().runs),
    "qom-list": () => qemu().gpus.list(),
    "qom-get": ({ path }: QmpArguments<"qom-get">) => qemu().gpus.busOf(path),
  };
}
