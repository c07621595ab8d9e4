// The QEMUs of a lab's hosts as this machine sees them: counted, and one held still, so that a host stays in the middle of a
// create for as long as a test needs.

import { findProcesses, signalProcess } from "../../../faults/world/find-processes";
import type { World } from "../../world/world";

/** A host that has not started QEMU by then does not make the VM. */
const startLimitMs = 120_000;

/** A QEMU must be seen before it is ready, which takes it some tenths of a second. */
const pollMs = 10;

/** How many QEMUs of VMs run on all hosts together. */
export function countQemus(world: World): number {
  return world.lab.hosts.flatMap(({ name }) => qemusOn(world, name)).length;
}

/** Waits until the host starts a QEMU, and holds it. Resolves to what lets it go on. */
export async function holdQemu(world: World, host: string): Promise<() => void> {
  const endsAtMs = performance.now() + startLimitMs;
  for (;;) {
    const [pid] = qemusOn(world, host);
    if (pid !== undefined) {
      signalProcess(pid, "SIGSTOP");
      return () => signalProcess(pid, "SIGCONT");
    }
    if (performance.now() > endsAtMs) throw new Error(`host ${host} started no QEMU within ${startLimitMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
}

function qemusOn({ lab }: World, host: string): number[] {
  const isQemu = ([program = "", ...words]: readonly string[]) =>
    program.includes("qemu-system") && words.some((word) => word.startsWith("guest=leea-"));
  return findProcesses(lab, host, isQemu).map(({ pid }) => pid);
}
