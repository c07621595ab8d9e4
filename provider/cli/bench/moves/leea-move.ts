// One move by the product: the resource's handler is told of another node, as an engine would tell it. QEMU's own words
// are heard on the monitor that every VM has for people.

import { readFileSync } from "node:fs";
import type { Values } from "../../../controller/handlers/handler-context";
import { LeeaError } from "../../../model/errors";
import { qemuSockets } from "../../../model/qemu-argv/qemu-launch";
import { changeVm, type Made, type Node, pathIn, vmOn, type World } from "../rig/world";
import { type CutoverTimes, type MoveSample, sampleOf, watchMove } from "./move-sample";
import { openMonitor, type QmpMonitor } from "./qmp-monitor";

const destinationDeadlineMs = 60_000;

/** Moves the VM and gives it, what was measured, and where its cutover's time went. */
export async function moveLeea(
  world: World,
  vm: Made,
  [from, to]: readonly [Node, Node],
  fields: Values,
): Promise<{ readonly vm: Made; readonly sample: MoveSample; readonly times: CutoverTimes }> {
  const source = await openPeople(world, from.name, vm.id);
  const watching = watchMove(source, () => openPeople(world, to.name, vm.id));
  const startedAtMs = performance.now();
  const moving = changeVm(world, vm, vmOn(world, to, fields)).then((moved) => ({
    moved,
    wholeMs: performance.now() - startedAtMs,
  }));
  const [words, { moved, wholeMs }] = await Promise.all([watching, moving]);
  demandWay(world, from.name, fields);
  return { vm: moved, sample: sampleOf({ ...words, wholeMs }), times: readCutover(world, from.name) };
}

function openPeople(world: World, host: string, vmId: string): Promise<QmpMonitor> {
  return openMonitor(pathIn(world, host, qemuSockets(`/run/leea-vm/${vmId}`).people), destinationDeadlineMs);
}

/** The last cutover in the source's log. */
function readCutover(world: World, host: string): CutoverTimes {
  return readLast<CutoverTimes>(world, host, "cutover-times");
}

/** A VM that was to move straight and took the mesh was measured on the wrong path. Error: MOVE_FAILED. */
function demandWay(world: World, host: string, fields: Values): void {
  const wanted = (fields["migration"] as { transport?: string } | undefined)?.transport;
  if (wanted !== "auto") return;
  const { way, reason } = readLast<{ way?: string; reason?: string }>(world, host, '"streams"');
  if (way === "straight") return;
  throw new LeeaError({
    code: "MOVE_FAILED",
    message: `the streams did not go straight: ${reason ?? "no reason told"}`,
  });
}

function readLast<T>(world: World, host: string, what: string): T {
  const log = readFileSync(pathIn(world, host, "/var/lib/leea/agent.log"), "utf8");
  return JSON.parse(log.split("\n").findLast((line) => line.includes(what)) ?? "{}") as T;
}
