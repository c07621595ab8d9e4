// What a VM of an emulated host has said on its serial line.

import { waitFor } from "../../e2e/world/wait-for";
import type { GpuHost } from "./gpu-host";

const guestLimitMs = 600_000;

/** Waits until the guest has said this. The look is repeated on the host: each new one from here would slow the guest down. */
export async function waitForGuest(host: GpuHost, vmId: unknown, text: string): Promise<void> {
  const log = `/var/lib/leea/vm-log/${String(vmId)}.console.log`;
  const look = `for turn in {1..15}; do if grep -qsF '${text}' ${log}; then echo yes; exit; fi; sleep 1; done`;
  await waitFor(`the guest to say "${text}"`, async () => (await host.run(look)) === "yes", guestLimitMs);
}
