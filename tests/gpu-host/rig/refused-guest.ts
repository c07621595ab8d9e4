// A guest that QEMU must not start with a device: its own words about that, for leea to understand.

import { explainVfioStart } from "../../../provider/model/gpu/refusal/vfio-start";
import type { GpuHost } from "./gpu-host";

const machine = "-S -accel tcg -machine q35 -m 64 -nodefaults -vga none -display none";

/** What leea makes of QEMU's words about `device`, a value of `-device`. `launcher` is put before QEMU, such as another user. */
export async function refusedStart(host: GpuHost, device: string, launcher = "") {
  const words = await host.run(
    `timeout --kill-after=1 30 ${launcher} qemu-system-x86_64 ${machine} -device '${device}' </dev/null 2>&1 || echo "status $?"`,
  );
  // 124: QEMU found nothing wrong, and waited for its guest to be let go.
  if (words.endsWith("status 124") || !words.includes("status")) throw new Error(`QEMU started: ${words}`);
  return explainVfioStart(words) ?? { words };
}
