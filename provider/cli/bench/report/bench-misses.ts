// Why a target is missed where it is, with the profile that showed it; told in the document only where a run misses it.
// A row is found by how its name begins. Some profiles were taken with other work on the machine: they say where the time
// goes, not how much of it a quiet machine takes.

const reasons: Readonly<Record<string, string>> = {
  "agent call over warm SSH, 20":
    "one Node process holds all twenty ends, so each call waits for the processor time of the nineteen others: its p50 is about twenty times a call's cost there. The floor, without agent and without checks, misses 2 ms for the same reason. Profile (`--cpu-prof`, a unix socket in place of SSH): a call cost 0.30 ms of processor time, 0.18 of it axios's own HTTP adapter; since that is left to files and streams a call costs 0.11 ms (bare HTTP: 0.04) and twenty callers wait 2.7 ms instead of 6.1. What remains is HTTP, JSON and ssh2's packets",
  "STOP to RESUME":
    "the two hosts are one machine of two cores, which two QEMUs, two WireGuard processes and two agents share while the guest stands still. Where this run's milliseconds went is in the rows' notes. Profile in QEMU (its traces `vmstate_downtime_*`, the bare script, plain path, one move, with sixteen PCI root ports), in ms after STOP: the gate at 12 once the disk is flushed, the copy ended at 31, the last memory sent by 57, the devices loaded from 61 to 115, of which the root ports took 30 ms. A machine has seven fewer since. After QEMU's completion come the release, the grant and `cont`, which the script does not have; two synced records are 2.3 ms of them. Tried without a gain, nine moves each: no request to the destination while the guest stands still but the grant; over the mesh, seven each: the stream slowed to 70 % of its rate before the gate. A downtime limit of 10 in place of 30 ms gains 5 ms and may keep a slow link from ever ending, so it was left",
  "downtime by QEMU":
    "leea's memory and disk go inside TLS, the peer's do not: QEMU decrypts them in the destination's main loop, under an emulated processor's load. The floor has the same TLS without leea and is no shorter by half than the peer either. The rest is as for STOP to RESUME",
  "whole move":
    "profile of five moves of 1.6 to 2.7 s (plain path, 25 MiB/s dirtied): the provider asks both hosts 0.13 to 0.2 s, the destination writes its record, starts QEMU and makes the network 0.3 to 0.4 s, opens the streams' ends 0.1 to 0.5 s, the disk 0.1 to 0.2 s, the memory 0.6 to 0.95 s, cutover 0.05 to 0.1 s, the end of both sides 0.1 s. Most of the streams' ends was QEMU making a Diffie-Hellman group for each key (0.15 to 0.64 s of a core, measured by itself); it is handed one since (1 ms), and routes are made meanwhile. Memory and disk go through TLS on the two cores that also emulate three guests, of which the two that rest still take half a core; a third to a half of the destination's processor time is the kernel clearing fresh memory (perf). The peer sends memory and disk plain and makes no network. Tried before: programs of a host are looked up without a process for each folder, both hosts are asked at once",
  "up of one move":
    "of 6.5 s the empty `up` was 1.8 and the move 2.6. In the other 2.1 s an `up` starts the process of dynamic providers (0.9 s of loading Pulumi's SDK), loads leea, opens SSH to both hosts, and asks them twice: once for the diff, and once more when it is carried out, as minutes may lie between",
  "longest gap":
    "the gap is the guest's outage and, under emulation, 50 to 80 ms in which the new host translates the guest's code anew; a sample is two or three moves",
  "pings lost":
    "a host of five on two cores is late by more than a ping's 10 ms when a routing daemon and three QEMUs want the processor at once",
  create:
    "the guests' boots under emulation are 98 % of the processor time of the wait (sampled each half second), for every side: half of the peer is below what twenty boots cost on two cores. On top, leea alone makes its hosts in the first 20 s: agents sent and started, an encrypted mesh with its routing, an accelerator probed by booting a kernel on each host; the peer's libvirtd runs already",
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
