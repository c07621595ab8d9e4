// QEMU's command line as a table of contents, one fragment a kind of device. No user text is ever part of an option
// string: it stands in JSON or as an argument of its own.

import { gpuArguments } from "../gpu/vm/gpu-arguments";
import { checkLaunch } from "./check-launch";
import { diskArguments } from "./disk-arguments";
import { machineArguments } from "./machine-arguments";
import { nicArguments } from "./nic-arguments";
import { platformArguments } from "./platform-arguments";
import type { QemuLaunch } from "./qemu-launch";
import { socketArguments } from "./socket-arguments";

const fragments = [
  machineArguments,
  socketArguments,
  platformArguments,
  diskArguments,
  nicArguments,
  gpuArguments,
  bootArguments,
] as const;

/** Arguments for qemu-system-x86_64, without the program. Error: INPUT_INVALID (details.problems). Source: qemu(1). */
export function qemuArgv(launch: QemuLaunch): readonly string[] {
  checkLaunch(launch);
  return fragments.flatMap((fragment) => fragment(launch));
}

function bootArguments({ boot }: QemuLaunch): readonly string[] {
  if (boot === undefined) return [];
  const initrd = boot.initrdPath === undefined ? [] : ["-initrd", boot.initrdPath];
  return ["-kernel", boot.kernelPath, ...initrd, "-append", boot.cmdline];
}
