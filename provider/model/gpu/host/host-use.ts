// Whether the host itself uses a function, and how we know. The kernel refuses nothing: it pulls a console's card or a
// mounted disk away without a word, so this verdict is the only guard. Every sign is told; one is enough.

import type { Refusal } from "../refusal/gpu-trouble";

/** A program that holds a device node open. */
export interface OpenHandle {
  readonly pid: number;
  /** First word of its command line, without folders; absent: it has none. */
  readonly program?: string;
  /** Such as /dev/dri/card0, /dev/nvidia0, /dev/vfio/12. */
  readonly path: string;
}

/** What was seen on the host about one function. */
export interface HostUseSigns {
  readonly address: string;
  /** `boot_vga` is 1. */
  readonly isBootDisplay: boolean;
  /** Connectors whose `enabled` says `enabled`, such as `card0-HDMI-A-1`: a picture is sent out. A plugged cable alone is none. */
  readonly enabledConnectors: readonly string[];
  /** Its framebuffer in /proc/fb while a framebuffer console is bound (`vtcon/bind`), such as `fb0`. */
  readonly consoleFramebuffer?: string;
  readonly openHandles: readonly OpenHandle[];
  /** Block devices behind it that are mounted, swap, or part of another device, each with its use: `sda1 (mounted on /)`. */
  readonly disksInUse: readonly string[];
  /** Network interfaces of it that are up. */
  readonly interfacesUp: readonly string[];
}

/** Sentences that say how the host uses the function; empty: it does not. */
export function describeHostUse(signs: HostUseSigns): readonly string[] {
  const { enabledConnectors, consoleFramebuffer, openHandles, disksInUse, interfacesUp } = signs;
  return [
    ...(signs.isBootDisplay ? ["it is the display that the firmware booted with (boot_vga is 1)"] : []),
    ...(enabledConnectors.length === 0 ? [] : [`it shows a picture on ${enabledConnectors.join(", ")}`]),
    ...(consoleFramebuffer === undefined
      ? []
      : [`the host's text console is on its framebuffer ${consoleFramebuffer}`]),
    ...disksInUse.map((disk) => `the host uses its disk ${disk}`),
    ...interfacesUp.map((name) => `its network interface ${name} is up`),
    ...openHandles.map(describeHandle),
  ];
}

/** The refusals to take these functions from the host: one a function that is in use, with all its evidence. */
export function refuseHostUse(signs: readonly HostUseSigns[]): readonly Refusal[] {
  return signs.flatMap((each) => {
    const uses = describeHostUse(each);
    if (uses.length === 0) return [];
    return [{ trouble: "host-uses-device" as const, message: `the host uses ${each.address}: ${uses.join("; ")}` }];
  });
}

/** `qemu-system-x86 (pid 312) has /dev/vfio/12 open`. */
export function describeHandle({ pid, program, path }: OpenHandle): string {
  return `${program ?? "a program"} (pid ${pid}) has ${path} open`;
}
