// Why a target is missed where it is, with the profile that showed it; told in the document only where a run misses it.
// A row is found by how its name begins. The profiles were taken with other work on the machine (load 4 to 10): they say
// where the time goes, not how much of it a quiet machine takes.

const reasons: Readonly<Record<string, string>> = {
  "agent call over warm SSH, 20":
    "one Node process holds all twenty ends, so each call waits for the processor time of the nineteen others: its p50 is about twenty times a call's cost there. The floor, without agent and without checks, misses 2 ms for the same reason. Profile (`--cpu-prof`, a unix socket in place of SSH): a call cost 0.30 ms of processor time, 0.18 of it axios's own HTTP adapter; since that is left to files and streams a call costs 0.11 ms (bare HTTP: 0.04) and twenty callers wait 2.7 ms instead of 6.1. What remains is HTTP, JSON and ssh2's packets",
  "STOP to RESUME":
    "the two hosts are one machine of two cores: two QEMUs (vCPU, migration and TLS threads), two WireGuard processes and two agents share them while the guest stands still. Where this run's milliseconds went is in the rows' notes. Profile (the agent's `cutover-times`, plain path, n=2): gate 13 ms after STOP (the bare script's: 4 to 5), mirrors ended at 24 (9 to 16), memory complete at 92 (51 to 62), and then the release, the grant and `cont` 12 to 17 ms, which the script does not have. Of the grant, two synced records are 2.3 ms. Tried: nothing of the packet filter and of routing is done any more between STOP and RESUME but the source's one hand-over route, whose process waits ready; exports are let go while memory goes over; the agents' connection is open before",
  "downtime by QEMU":
    "leea's memory and disk go inside TLS, the peer's do not: QEMU decrypts them in the destination's main loop, under an emulated processor's load. The floor has the same TLS without leea and is no shorter by half than the peer either. The rest is as for STOP to RESUME",
  "whole move":
    "profile of a move of 2.6 s (load 5, 512 MiB, 256 MiB disk, plain path): 0.3 s the provider asks both hosts, 0.65 s the destination makes disk, tap, DHCP, rules and a QEMU, 0.55 s the disk, 0.8 s the memory, 0.1 s cutover, 0.15 s the end of both sides. Memory and disk go through TLS on the two cores that also emulate the guests; the peer sends them plain and makes no network. Tried: programs of a host are looked up without a process for each folder (some forty processes a question, three questions a move), both hosts are asked at once",
  "up of one move":
    "of 6.5 s the empty `up` was 1.8 and the move 2.6. In the other 2.1 s an `up` starts the process of dynamic providers (0.9 s of loading Pulumi's SDK), loads leea, opens SSH to both hosts, and asks them twice: once for the diff, and once more when it is carried out, as minutes may lie between",
  "longest gap":
    "the gap is the guest's outage and, under emulation, 50 to 80 ms in which the new host translates the guest's code anew; a sample is two or three moves",
  "pings lost":
    "a host of five on two cores is late by more than a ping's 10 ms when a routing daemon and three QEMUs want the processor at once",
  create:
    "the guests' boots under emulation are most of it for every side: some 2.5 s of processor time each on two cores, which the floor and the peer pay too, so that half of the peer is below what twenty boots cost. On top, leea alone makes its hosts: agents sent and started, an encrypted mesh with its routing, an accelerator probed by booting a kernel on each host; the peer's libvirtd runs already",
  "up with":
    "profile (processor time of one `up`): the program 3.5 s (floor 3.9), the process of dynamic providers 2.1 s (1.2), the engine 2.3 s (1.3). leea's own checks and diffs of 200 resources are 0.07 s; what remains over the floor is Pulumi's own handling of more properties (26 a VM, the floor has one) in gRPC messages and in the state (8.5 KB a VM, of which 5.4 are the two copies of the stored provider). Tried: half of the program's time was stacks that Pulumi's SDK takes for each promise of each property; leea's resources do without (8.1 to 6.8 s of processor time in all)",
};

/** What is known of a miss. `what`: how the names of its rows begin. */
export interface MissReason {
  readonly what: string;
  readonly why: string;
}

const known: readonly MissReason[] = Object.entries(reasons).map(([what, why]) => ({ what, why }));

/** Why the row misses its target; undefined where nothing is known of it. */
export function explainMiss(row: string): MissReason | undefined {
  return known.find(({ what }) => row.startsWith(what));
}
