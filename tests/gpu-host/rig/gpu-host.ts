// An emulated host with an IOMMU and devices to hand out, as a process of the test's: booted from the cached image, which
// it never writes to, reached over SSH like any host, and gone with the test, even with one that is killed.

import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Connection } from "../../../provider/model/connection";
import { sendQmpCommand } from "../../e2e/guest/qmp-line";
import { type Boot, bootHost } from "./boot-host";
import { diskFile, type HostWish, hostArgv, monitorFile } from "./host-argv";
import { namespaceFile } from "./host-devices";
import { type HostImage, readHostImage } from "./host-image";

/** A host that runs. */
export interface GpuHost {
  readonly name: string;
  /** The way to it, as a MeshNode declares it. */
  readonly connection: Connection;
  /** Runs a bash text as root and gives its output, trimmed. Another status than 0 throws with both outputs. */
  run(text: string, timeoutMs?: number): Promise<string>;
  /** What it wrote on its serial line since its last boot. */
  console(): string;
  /** Has the machine that emulates it do what a hand does to a real one, such as `device_del`. */
  monitor(command: string, args?: Readonly<Record<string, unknown>>): Promise<unknown>;
  /** Cuts its power and boots it again, with the disk that it had. */
  powerCycle(): Promise<void>;
  /** Ends it and removes all that it left on this machine; a shared one is let go of, and runs on. */
  stop(): Promise<void>;
}

/** Where a host lives on this machine, and how it is booted there. */
export interface HostPlace {
  readonly folder: string;
  readonly connection: Connection;
  readonly boot: () => Promise<Boot>;
}

/** First bytes of the NVMe device's namespace: what a guest that was handed a function reads. */
export const namespaceText = "leea gpu-host namespace";

const namespaceBytes = 2 ** 20;

/** Boots a host; resolves once its drivers are bound and its sshd answers. Throws with the end of its console. */
export async function startGpuHost(wish: HostWish): Promise<GpuHost> {
  const place = await prepareHost(wish, mkdtempSync(join(tmpdir(), "leea-gpu-")));
  const { folder } = place;
  try {
    const host = runningHost(wish.name, place, await place.boot());
    const stop = async () => {
      await host.end();
      rmSync(folder, { recursive: true });
    };
    return { ...host, stop };
  } catch (error) {
    rmSync(folder, { recursive: true });
    throw error;
  }
}

/** Makes a host's disks in the folder and chooses its port; `port` keeps one that was chosen before. */
export async function prepareHost(wish: HostWish, folder: string): Promise<HostPlace> {
  mkdirSync(folder, { recursive: true });
  const image = readHostImage();
  makeDisks(folder, image);
  return placeOf(wish, folder, await findFreePort());
}

/** The place of a host whose disks are there. */
export function placeOf(wish: HostWish, folder: string, port: number): HostPlace {
  const image = readHostImage();
  const { hostKey, identity } = image;
  const connection = { host: "127.0.0.1", port, user: "root", hostKey, identity };
  return { folder, connection, boot: () => bootHost(folder, hostArgv(wish, image, port), connection) };
}

/** What a test does with a host that is up. `booted` is told of each later boot. */
export function runningHost(
  name: string,
  place: HostPlace,
  first: Boot,
  booted: (pid: number) => void = () => undefined,
): Omit<GpuHost, "stop"> & Pick<Boot, "leave" | "end"> {
  let running = first;
  return {
    name,
    connection: place.connection,
    run: (text, timeoutMs) => running.ssh.run(text, timeoutMs),
    console: () => running.console(),
    monitor: (command, args) => sendQmpCommand(join(place.folder, monitorFile), command, args),
    powerCycle: async () => {
      await running.end();
      running = await place.boot();
      booted(running.pid);
    },
    leave: () => running.leave(),
    end: () => running.end(),
  };
}

// What the host writes goes into a file of its own over the image.
function makeDisks(folder: string, { disk }: HostImage): void {
  const image = JSON.stringify({ driver: "raw", file: { driver: "file", filename: disk } });
  const over = ["-b", `json:${image}`, "-F", "raw", join(folder, diskFile)];
  execFileSync("qemu-img", ["create", "-q", "-f", "qcow2", ...over]);
  const namespace = Buffer.alloc(namespaceBytes);
  namespace.write(namespaceText);
  writeFileSync(join(folder, namespaceFile), namespace);
}

async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("a TCP server without a port");
  return address.port;
}
