// What a path carries of the very stream that is measured on it: TLS, two channels, while a guest dirties more memory
// than can be sent, and two others rest beside it, as they do in the rows: alone, a stream has their part of the processor
// too, and what is 70 % of that is more than the path carries later. The rows' shares (25 %, 70 %) are of this figure.

import { setTimeout as wait } from "node:timers/promises";
import { askGuest } from "../../story/guest-link";
import { runInHost, type World } from "../rig/world";
import { isMigration, type QmpMonitor } from "./qmp-monitor";
import { guestShape, type RawGuest, type RawName, rawName, startRaw } from "./raw-guest";
import { prepareRaw, quitRaw, type RawWay } from "./raw-move";

const floodMibPerSecond = 400;
const warmUpMs = 1_000;
const sampleMs = 3_000;
const mebi = 2 ** 20;

/** The path's rate from `from` to `to`, in MiB/s. */
export async function measurePathRate(world: World, name: RawName, from: string, to: RawWay): Promise<number> {
  const resting: RawGuest[] = [];
  try {
    for (const each of [rawName(2), rawName(3)]) {
      resting.push(await startRaw(world, from, { name: each, incoming: false }));
      await askGuest(runInHost(world, from), each.address, "status", 60_000);
    }
    return await measureBeside(world, name, from, to);
  } finally {
    for (const guest of resting) await quitRaw(guest);
    await wait(200);
  }
}

async function measureBeside(world: World, name: RawName, from: string, to: RawWay): Promise<number> {
  const guest = await startRaw(world, from, { name, incoming: false });
  const runIn = runInHost(world, from);
  await askGuest(runIn, name.address, "status", 60_000);
  await askGuest(runIn, name.address, `dirty ${floodMibPerSecond} ${guestShape.workingSetMib}`);
  const destination = await prepareRaw(world, guest, name, to);
  try {
    return await sampleRate(guest.monitor, to);
  } finally {
    await quitRaw(guest);
    await quitRaw(destination);
  }
}

async function sampleRate(monitor: QmpMonitor, to: RawWay): Promise<number> {
  const since = monitor.events.length;
  await monitor.execute("migrate", { uri: `tcp:${to.address}:51790` });
  await wait(warmUpMs);
  const before = await readTransferred(monitor);
  await wait(sampleMs);
  const after = await readTransferred(monitor);
  const isThrough = monitor.events.slice(since).some(isMigration("pre-switchover"));
  // A path that carries more than the guest dirties has sent everything: QEMU's own figure of it then.
  if (isThrough) return (after.megabitsPerSecond * 1_000_000) / 8 / mebi;
  return (after.bytes - before.bytes) / mebi / ((after.atMs - before.atMs) / 1000);
}

async function readTransferred(monitor: QmpMonitor) {
  const info = await monitor.execute("query-migrate");
  const ram = (info["ram"] ?? {}) as { transferred?: number; mbps?: number };
  return { bytes: ram.transferred ?? 0, megabitsPerSecond: ram.mbps ?? 0, atMs: performance.now() };
}
