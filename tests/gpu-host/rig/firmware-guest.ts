// A VM in an emulated host that runs nothing but its firmware, which logs every PCI device that it finds: the quickest
// guest that really sees what it was handed. It is started by the test itself, not by leea.

import { waitFor } from "../../e2e/world/wait-for";
import type { GpuHost } from "./gpu-host";

/** A guest whose firmware has looked at its devices. */
export interface FirmwareGuest {
  /** Vendor and device in hex of each PCI device in the order of their places, such as `1b36:0010`. */
  readonly seen: readonly string[];
  /** Ends it; resolves once its devices are free again. */
  readonly end: () => Promise<void>;
}

// $name is the guest's own. The last device on the root bus of this machine is 00:1f.3.
const machine = "-accel tcg -machine q35 -m 64 -nodefaults -vga none -display none";
const lastPlace = "PCI: init bdf=00:1f.3";
const lookLimitMs = 60_000;

/**
 * Starts a guest with the given values of QEMU's `-device`, which lie on the root bus unless they name another, and waits
 * until its firmware has looked at all of them. Throws with QEMU's words where QEMU ends before that.
 */
export async function startFirmwareGuest(host: GpuHost, devices: readonly string[]): Promise<FirmwareGuest> {
  const words = devices.map((device) => `-device '${device}'`).join(" ");
  const said = await host.run(`
    name=$(mktemp -u /run/firmware-XXXXXX)
    setsid qemu-system-x86_64 ${machine} -chardev file,id=log,path=$name.log \
      -device isa-debugcon,iobase=0x402,chardev=log ${words} </dev/null >$name.out 2>&1 &
    echo "$! $name"
  `);
  const [pid = "", name = ""] = said.split(" ");
  const log = await waitFor("a guest's firmware to look at its devices", () => readLog(host, name, pid), lookLimitMs);
  return {
    seen: [...log.matchAll(/^PCI: init bdf=\S+ id=([0-9a-f:]+)/gm)].map(([, ids]) => ids ?? ""),
    end: async () => {
      await host.run(`kill ${pid} 2>/dev/null || :; while [ -e /proc/${pid} ]; do sleep 0.05; done; rm ${name}.*`);
    },
  };
}

async function readLog(host: GpuHost, name: string, pid: string): Promise<string | undefined> {
  const said = await host.run(`[ -e /proc/${pid} ] && echo runs || cat ${name}.out; cat ${name}.log 2>/dev/null || :`);
  if (!said.startsWith("runs")) throw new Error(`the guest's QEMU ended: ${said}`);
  return said.includes(lastPlace) ? said : undefined;
}
