// What of a VM is to be found on a host, by looking at the host itself and not by asking its agent.

import { runInside } from "../enter-lab";
import type { TrackedVm } from "./tracked-vm";
import { waitFor } from "./wait-for";
import type { World } from "./world";

/** A VM by what its traces are known by. */
export interface TracedVm {
  readonly world: World;
  readonly id: string;
  readonly outputs: { readonly address: string };
}

// BIRD's own route to where the VM is now belongs on every host of the mesh. The [q] keeps this script from finding itself.
const script = (vmId: string, address: string) => `
  set +e
  tap="${vmId.slice(0, 8)}"
  ps -eo pid=,args= | grep -E "[q]emu-system.*guest=leea-${vmId}" | cut -c 1-60 | sed 's/^/qemu: /'
  ps -eo pid=,args= | grep -E "[d]nsmasq.*leea[tb]$tap" | sed 's/^/dnsmasq: /'
  ip -oneline link show | grep -E "leea[tb]$tap" | sed 's/^/link: /'
  ip -4 route show table all | grep -wF "${address || "no address"}" | grep -v 'proto bird' | sed 's/^/route: /'
  nft list ruleset | grep -E "leea[tb]$tap" | sed 's/^/rule: /'
  find /var/lib/leea/vm/${vmId} /run/leea-vm/${vmId} 2>/dev/null | sed 's/^/file: /'
  true
`;

/** One line for each trace of the VM's being on the host: processes, interfaces, routes, rules, files. */
export async function findTraces(vm: TracedVm, host: string): Promise<string[]> {
  const text = await runInside(vm.world.lab, host, script(vm.id, vm.outputs.address));
  return text.split("\n").filter((line) => line !== "");
}

/** Waits until nothing of the VM is on the host; after `limitMs` an error names what is left. */
export async function waitForNoTraces(vm: TracedVm, host: string, limitMs: number): Promise<void> {
  let traces: string[] = [];
  const isGone = async () => (traces = await findTraces(vm, host)).length === 0;
  await waitFor("an empty host", isGone, limitMs).catch((error: Error) => {
    throw new Error(`${error.message}; host ${host} still has\n${traces.join("\n")}`);
  });
}

/** The host's ownership record of the VM, as it lies on its disk. */
export async function readRecord(vm: TrackedVm, host: string): Promise<Record<string, unknown>> {
  const text = await runInside(vm.world.lab, host, `cat /var/lib/leea/records/${vm.id}.json`);
  return JSON.parse(text) as Record<string, unknown>;
}
