// What must hold after every fault, looked at on the hosts' disks and processes, in the guest, and by the watch.

import type { Lab } from "../../../provider/cli/lab/lab";
import { findTraces, waitForNoTraces } from "../../e2e/world/vm-traces";
import { type FaultHost, type FaultWorld, observer, otherHost } from "../world/fault-world";
import type { PhaseClock } from "./phase-clock";

const tracesMs = 25_000;

/** What was found; every list is empty and every number 0 when all is well. */
export interface Verdict {
  readonly doubleRuns: readonly string[];
  readonly lostWrites: number;
  readonly trouble: readonly string[];
}

/** The image of the VM's first disk on a host, as this machine reaches it. */
export function imagePath(lab: Lab, host: string, vmId: string): string {
  const pid = lab.hosts.find(({ name }) => name === host)?.pid;
  return `/proc/${pid}/root/var/lib/leea/vm/${vmId}/disks/root.raw`;
}

/** Judges a VM that runs on `home` again. `mayBoot`: the fault killed the guest itself. */
export async function judgeRun(
  opened: FaultWorld,
  home: FaultHost,
  { mayBoot, clock }: { readonly mayBoot: boolean; readonly clock: PhaseClock },
): Promise<Verdict> {
  const [lostWrites, guest, leftovers] = await Promise.all([
    clock.of("ledger", () => countLostWrites(opened, home)),
    clock.of("guest", () => findGuestTrouble(opened, mayBoot)),
    clock.of("leftovers", () => findLeftovers(opened, otherHost(home))),
  ]);
  const trouble = [...guest, ...leftovers, ...opened.copies.flaws];
  return { doubleRuns: describeDoubleRuns(opened), lostWrites, trouble };
}

/** Acknowledged blocks that the disk on a host does not hold. */
export async function countLostWrites(opened: FaultWorld, home: FaultHost): Promise<number> {
  const path = imagePath(opened.world.lab, home, opened.vm.id);
  const { bad } = await opened.ledger.compare(path).catch(() => ({ bad: opened.ledger.entries().length })); // no image at all
  return bad;
}

/** Instants at which two copies ran, in words. */
export function describeDoubleRuns(opened: FaultWorld): string[] {
  return opened.copies
    .findDoubleRuns()
    .map(
      ({ copies: [one, other], lastedMs }) =>
        `QEMU ${one.pid} on ${one.host} and QEMU ${other.pid} on ${other.host} both ran, for ${lastedMs ?? "more than a moment"} ms`,
    );
}

async function findGuestTrouble(opened: FaultWorld, mayBoot: boolean): Promise<string[]> {
  const trouble: string[] = [];
  const bootId = await opened.vm.booted(observer);
  if (bootId !== opened.bootId && !mayBoot) trouble.push("the guest was booted anew though nothing had killed it");
  opened.bootId = bootId;
  const { disks, memory } = await opened.vm.ask(observer, "verify");
  const bad = disks.reduce((sum, disk) => sum + disk.bad, 0);
  if (bad > 0) trouble.push(`the guest finds ${bad} of its blocks wrong`);
  if (memory.bad > 0) trouble.push(`the guest finds ${memory.bad} pages of its memory wrong`);
  return trouble;
}

async function findLeftovers(opened: FaultWorld, loser: FaultHost): Promise<string[]> {
  try {
    await waitForNoTraces(opened.vm, loser, tracesMs);
    return [];
  } catch {
    return (await findTraces(opened.vm, loser)).map((trace) => `left on ${loser}: ${trace}`);
  }
}
