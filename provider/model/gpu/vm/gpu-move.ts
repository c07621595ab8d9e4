// How a VM's GPUs come along when it changes hosts, from what both hosts say: carried by QEMU where the devices can, else
// ejected before the move and plugged in after it. Decides, touches nothing.

import type { GpuReference } from "../../vm-spec";
import { gpusOnNode } from "./vm-gpus";

/** What the source says. `blockers` are QEMU's reasons (`blocked-reasons` of query-migrate) that tell of a passed device. */
export interface GpusAtSource {
  readonly declared: readonly GpuReference[];
  /** Root ports of its machine for GPUs; 0 where it does not run. */
  readonly ports: number;
  readonly plugged: number;
  readonly blockers: readonly string[];
}

/** What the destination says of the partitions there that the VM names. */
export interface GpusAtDestination {
  readonly nodeId: string;
  readonly reasons: readonly string[];
  /** Partitions there that no VM has, in words. */
  readonly free: readonly string[];
}

/** `carry`: QEMU sends the devices' state. `eject`: the guest lets go of them and gets others there. `none`: it has none. */
export type GpuWay = "none" | "carry" | "eject";

/** `reasons` are sentences without a full stop; `grounds` says what will happen, where anything does. */
export interface GpuMovePlan {
  readonly way: GpuWay;
  readonly reasons: readonly string[];
  readonly grounds?: string;
}

/** The way of a move; `doesRun`: the guest goes on running while it moves. */
export function planGpuMove(source: GpusAtSource, destination: GpusAtDestination, doesRun: boolean): GpuMovePlan {
  if (source.declared.length === 0 && source.plugged === 0) return { way: "none", reasons: [] };
  const there = gpusOnNode({ gpus: source.declared }, destination.nodeId).length;
  const reasons = [...destination.reasons, ...roomReasons(source, destination, { there, doesRun })];
  if (!doesRun) return { way: "none", reasons, grounds: `it starts there with ${countGpus(there)}` };
  if (source.plugged > 0 && source.plugged === there && source.blockers.length === 0)
    return { way: "carry", reasons, grounds: "its GPUs go along: QEMU can send their state" };
  return { way: "eject", reasons, grounds: ejectGrounds(source, there) };
}

function roomReasons(
  { ports }: GpusAtSource,
  { nodeId, free }: GpusAtDestination,
  { there, doesRun }: { readonly there: number; readonly doesRun: boolean },
): readonly string[] {
  if (there === 0) {
    const offer =
      free.length === 0
        ? "declare a GpuPartition there and list it too"
        : `list one of those that are free there too: ${free.join(", ")}`;
    return [`it has GPUs, and none of those in its \`gpus\` is on ${nodeId}: ${offer}`];
  }
  if (doesRun && there > ports)
    return [
      `its machine has ${ports === 0 ? "no port" : `ports for ${countGpus(ports)}`} and is to have ${countGpus(there)} on ${nodeId}: restart it on its host first (powerState), or move it cold`,
    ];
  return [];
}

function ejectGrounds({ plugged, blockers }: GpusAtSource, there: number): string {
  if (plugged === 0) return `${countGpus(there)} is plugged in once it runs there`;
  const why = blockers.length === 0 ? "" : ` (QEMU says: ${blockers.join("; ")})`;
  return `its guest is asked to let go of ${countGpus(plugged)}${why}, it moves live, and ${countGpus(there)} there is plugged in`;
}

function countGpus(count: number): string {
  return count === 1 ? "one GPU" : `${count} GPUs`;
}

/** QEMU's reasons against a move: those that tell of passed devices, and the others. */
export function splitBlockers(reasons: readonly string[]): {
  readonly gpus: readonly string[];
  readonly others: readonly string[];
} {
  const isGpu = (reason: string): boolean => /vfio/i.test(reason);
  return { gpus: reasons.filter(isGpu), others: reasons.filter((reason) => !isGpu(reason)) };
}
