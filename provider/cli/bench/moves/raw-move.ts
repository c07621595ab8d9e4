// The floor of a move: the bare sequence by script, with the same streams (TLS with a pre-shared key and AES-128-GCM, two
// multifd channels, disk mirrored), and nothing else: no records, no grant, no agent. It may lose a VM; leea may not.

import { randomBytes } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import type { World } from "../rig/world";
import { type CutoverTimes, type MoveSample, sampleOf } from "./move-sample";
import { isMigration, isNamed, type QmpMonitor } from "./qmp-monitor";
import { benchFolder, type RawGuest, type RawName, routeHere, startRaw } from "./raw-guest";

const priority = "NORMAL:-CIPHER-ALL:+AES-128-GCM";
const moveDeadlineMs = 120_000;
const unlimited = 12_500_000_000;
/** Of leea's own range for moves, which its packet filter lets in; from the end, where leea comes last. */
const ports = { memory: 51_790, disk: 51_791 } as const;

/** Where to: the host, and its address on the path that is measured. */
export interface RawWay {
  readonly host: string;
  readonly address: string;
  /** Run at QEMU's STOP; absent: the address is routed to the guest's tap there. */
  readonly onStop?: () => Promise<void>;
}

/** Makes both sides ready up to the start of the memory stream. */
export async function prepareRaw(world: World, guest: RawGuest, name: RawName, to: RawWay): Promise<RawGuest> {
  const destination = await startRaw(world, to.host, { name, incoming: true, shape: guest.shape });
  const key = `mig:${randomBytes(32).toString("hex")}\n`;
  await setStreams(world, destination, key, "server");
  await setStreams(world, guest, key, "client");
  const target = destination.monitor;
  await target.execute("migrate-incoming", { uri: `tcp:${to.address}:${ports.memory}` });
  const listen = { type: "inet", data: { host: to.address, port: String(ports.disk) } };
  await target.execute("nbd-server-start", { addr: listen, "tls-creds": "tls0" });
  const disk = { "node-name": "disk-0", name: "disk-0", writable: true };
  await target.execute("block-export-add", { type: "nbd", id: "export-0", ...disk });
  await mirror(guest.monitor, to.address);
  return destination;
}

/** Moves the guest and gives the guest on its new host. */
export async function moveRaw(
  world: World,
  guest: RawGuest,
  name: RawName,
  to: RawWay,
): Promise<{ readonly guest: RawGuest; readonly sample: MoveSample; readonly times: CutoverTimes }> {
  const startedAtMs = performance.now();
  const destination = await prepareRaw(world, guest, name, to);
  const { monitor } = guest;
  const since = monitor.events.length;
  const onStop = to.onStop ?? (() => routeHere(world, to.host, name.address, `raw${name.index}`));
  const routed = monitor.waitEvent("STOP", isNamed("STOP"), since, moveDeadlineMs).then(onStop);
  routed.catch(() => undefined); // told where it is awaited
  await monitor.execute("migrate", { uri: `tcp:${to.address}:${ports.memory}` });
  const gate = await monitor.waitEvent("pre-switchover", isMigration("pre-switchover"), since, moveDeadlineMs);
  await monitor.execute("block-job-cancel", { device: "mirror-0" });
  const mirrored = await monitor.waitEvent("the mirror's end", isNamed("BLOCK_JOB_COMPLETED"), since);
  await monitor.execute("migrate-continue", { state: "pre-switchover" });
  const completed = await monitor.waitEvent("completed", isMigration("completed"), since);
  const resumed = await destination.monitor.waitEvent("RESUME", isNamed("RESUME"));
  const info = await monitor.execute("query-migrate");
  await routed;
  await quitRaw(guest);
  const stopped = await monitor.waitEvent("STOP", isNamed("STOP"), since);
  await destination.monitor.execute("nbd-server-stop");
  await dropStreams(destination.monitor);
  const wholeMs = performance.now() - startedAtMs;
  const words = { stopAtMs: stopped.atMs, completedAtMs: completed.atMs, resumeAtMs: resumed.atMs, info, wholeMs };
  const [gateMs, mirrorsEnded, completedMs] = [gate, mirrored, completed].map(({ atMs }) => atMs - stopped.atMs);
  const times = { gate: gateMs ?? 0, mirrorsEnded: mirrorsEnded ?? 0, completed: completedMs ?? 0 };
  return { guest: destination, sample: sampleOf(words), times };
}

/** Ends a QEMU of the floor. */
export async function quitRaw({ monitor }: RawGuest): Promise<void> {
  await monitor.execute("quit").catch(() => undefined); // it may close before it answers
}

async function setStreams(
  world: World,
  { host, monitor }: RawGuest,
  key: string,
  endpoint: "client" | "server",
): Promise<void> {
  const { there, here } = benchFolder(world, host);
  mkdirSync(`${here}/${endpoint}`, { recursive: true });
  writeFileSync(`${here}/${endpoint}/keys.psk`, key);
  const credentials = { "qom-type": "tls-creds-psk", id: "tls0", dir: `${there}/${endpoint}`, endpoint, priority };
  await monitor.execute("object-add", endpoint === "client" ? { ...credentials, username: "mig" } : credentials);
  const names = ["events", "return-path", "multifd", ...(endpoint === "client" ? ["pause-before-switchover"] : [])];
  const capabilities = ["events", "return-path", "multifd", "pause-before-switchover"].map((capability) => ({
    capability,
    state: names.includes(capability),
  }));
  await monitor.execute("migrate-set-capabilities", { capabilities });
  const limits = { "max-bandwidth": unlimited, "downtime-limit": 30, "multifd-channels": 2, "tls-creds": "tls0" };
  await monitor.execute("migrate-set-parameters", limits);
}

/** What came as a destination must be able to leave as a source. */
async function dropStreams(monitor: QmpMonitor): Promise<void> {
  await monitor.execute("migrate-set-parameters", { "tls-creds": "" });
  await monitor.execute("object-del", { id: "tls0" });
}

async function mirror(monitor: QmpMonitor, address: string): Promise<void> {
  const since = monitor.events.length;
  const server = { type: "inet", host: address, port: String(ports.disk) };
  await monitor.execute("blockdev-add", {
    driver: "nbd",
    "node-name": "nbd-0",
    server,
    export: "disk-0",
    "tls-creds": "tls0",
  });
  await monitor.execute("blockdev-mirror", { "job-id": "mirror-0", device: "disk-0", target: "nbd-0", sync: "full" });
  await monitor.waitEvent("the mirror is ready", isNamed("BLOCK_JOB_READY"), since);
}
