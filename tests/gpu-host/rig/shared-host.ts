// The emulated hosts "a" and "b", each booted by the first test file that asks and then shared by all: a boot takes longer
// than most tests. They have a cable between them. Each file leaves them as it found them, and says so by comparing.

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { joinBoot, runsIn } from "./boot-host";
import { type GpuHost, type HostPlace, placeOf, prepareHost, runningHost } from "./gpu-host";
import type { HostWish } from "./host-argv";
import { allDevices } from "./host-devices";

/** What the next file needs to know of a boot. */
interface BootState {
  readonly pid: number;
  readonly port: number;
}

/** Has all devices ("a"), or what a partition of another host's kind is made of ("b"); 10.77.0.1 and 10.77.0.2 on their link. */
export async function shareHost(name: "a" | "b"): Promise<GpuHost> {
  const folder = runFolder();
  const wish = wishFor(name, folder);
  const own = join(folder, name);
  const stateFile = join(own, "state.json");
  const note = (place: HostPlace) => (pid: number) =>
    writeFileSync(stateFile, JSON.stringify({ pid, port: place.connection.port ?? 0 } satisfies BootState));
  const state = readState(stateFile);
  if (state !== undefined && runsIn(state.pid, own)) {
    const place = placeOf(wish, own, state.port);
    const host = runningHost(name, place, await joinBoot(own, state.pid, place.connection), note(place));
    return { ...host, stop: host.leave };
  }
  const place = await prepareHost(wish, own);
  const boot = await place.boot();
  note(place)(boot.pid);
  const host = runningHost(name, place, boot, note(place));
  return { ...host, stop: host.leave };
}

function wishFor(name: "a" | "b", folder: string): HostWish {
  const [end, peer] = name === "a" ? [1, "b"] : [2, "a"];
  const link = {
    address: `10.77.0.${end}/24`,
    end,
    ownSocket: join(folder, `link-${name}`),
    peerSocket: join(folder, `link-${peer}`),
  };
  const devices = name === "a" ? allDevices : (["boot-display", "sriov-nvme", "display"] as const);
  return { name, iommu: "intel", interruptRemapping: true, devices, link };
}

function runFolder(): string {
  const folder = process.env["LEEA_GPU_RUN"];
  if (folder === undefined) throw new Error("LEEA_GPU_RUN is not set: run these tests by `npm run test:gpu`");
  return folder;
}

function readState(path: string): BootState | undefined {
  return existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as BootState) : undefined;
}
