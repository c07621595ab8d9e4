// The floor's guest: QEMU with the product's own command line, started by hand in a host, on a tap of its own.

import { spawn } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { composeCpuModel } from "../../../model/qemu-argv/cpu-model";
import { qemuArgv } from "../../../model/qemu-argv/qemu-argv";
import { qemuSockets } from "../../../model/qemu-argv/qemu-launch";
import { labExecArgv } from "../../lab/lab";
import { runCommand } from "../../lab/machine/run-command";
import { guestFiles } from "../rig/guest-files";
import { pathIn, type World } from "../rig/world";
import { openMonitor, type QmpMonitor } from "./qmp-monitor";

/** What every side's guest has in the rows of moves. */
export const guestShape = { memoryMib: 512, diskMib: 256, workingSetMib: 128, blocksPerSecond: 100 } as const;

/** Words for the guest's kernel, without its address. It dirties nothing until it is told to. */
export const guestCmdline = `console=ttyS0 quiet leea.dirty=0 leea.ws=${guestShape.workingSetMib} leea.write=${guestShape.blocksPerSecond}`;

const folder = "/var/lib/leea-bench";
const tapMac = "02:1e:ea:78:00:01";
/** Not leea's own gateway: its packet filter keeps that one to itself. */
const gateway = "169.254.78.1";

/** One guest of the floor, by number; its address is the same on every host. */
export interface RawName {
  readonly index: number;
  readonly address: string;
}

/** The name of a guest. */
export function rawName(index: number): RawName {
  return { index, address: `10.78.${Math.floor(index / 200)}.${10 + (index % 200)}` };
}

/** Memory and disk; both ends of a move have the same. */
export interface RawShape {
  readonly memoryMib: number;
  readonly diskMib: number;
}

/** What to start. The shape and the words for the kernel are those of the rows of moves where they are absent. */
export interface RawWish {
  readonly name: RawName;
  readonly incoming: boolean;
  readonly shape?: RawShape;
  readonly cmdline?: string;
}

/** A running QEMU of the floor. */
export interface RawGuest {
  readonly host: string;
  readonly shape: RawShape;
  readonly monitor: QmpMonitor;
}

/** Folder of the bench on a host, as the host and as this machine names it; made. */
export function benchFolder(world: World, host: string): { readonly there: string; readonly here: string } {
  const here = pathIn(world, host, folder);
  mkdirSync(here, { recursive: true });
  return { there: folder, here };
}

/** Copies kernel and initial RAM disk to a host, and gives their paths there. */
export function sendGuestFiles(
  world: World,
  host: string,
): { readonly kernelPath: string; readonly initrdPath: string } {
  const { there, here } = benchFolder(world, host);
  const { kernel, initrd } = guestFiles();
  // Never over a file that a QEMU may be reading just now.
  if (!existsSync(`${here}/vmlinuz`)) copyFileSync(kernel, `${here}/vmlinuz`);
  if (!existsSync(`${here}/initrd.gz`)) copyFileSync(initrd, `${here}/initrd.gz`);
  return { kernelPath: `${there}/vmlinuz`, initrdPath: `${there}/initrd.gz` };
}

/** An empty disk of the right size; gives its path on the host. */
export function makeDisk(world: World, host: string, name: string, sizeMib: number): string {
  const { there, here } = benchFolder(world, host);
  rmSync(`${here}/${name}`, { force: true });
  writeFileSync(`${here}/${name}`, "");
  truncateSync(`${here}/${name}`, sizeMib * 2 ** 20);
  return `${there}/${name}`;
}

/** A tap that a guest may sit on: on every host alike. */
export async function makeTap(world: World, host: string, tap: string): Promise<void> {
  const lines = [
    `tuntap add dev ${tap} mode tap`,
    `link set ${tap} address ${tapMac}`,
    `address add ${gateway}/32 dev ${tap}`,
    `link set ${tap} up`,
  ];
  await runCommand(labExecArgv(world.lab, host, ["ip", "-force", "-batch", "-"]), `${lines.join("\n")}\n`).catch(
    () => undefined, // it is there from an earlier stay
  );
  // leea lets a host forward what comes in by leea's own interfaces, not by others.
  const settings = ["forwarding=1", "rp_filter=0"].map((setting) => `net.ipv4.conf.${tap}.${setting}`);
  await runCommand(labExecArgv(world.lab, host, ["sysctl", "-qw", ...settings]));
}

/** Sends what is for the guest to its tap here. */
export async function routeHere(world: World, host: string, address: string, tap: string): Promise<void> {
  await runCommand(labExecArgv(world.lab, host, ["ip", "route", "replace", `${address}/32`, "dev", tap]));
}

/** Words that give the guest its address. */
export function addressWord(address: string): string {
  return `leea.ip=${address},${gateway}`;
}

/** Starts QEMU; an incoming one waits for `migrate-incoming` and, unlike the product's, runs as soon as it has loaded. */
export async function startRaw(
  world: World,
  host: string,
  { name, incoming, shape = guestShape, cmdline = guestCmdline }: RawWish,
): Promise<RawGuest> {
  const tap = `raw${name.index}`;
  await makeTap(world, host, tap);
  const boot = sendGuestFiles(world, host);
  const runFolder = `${folder}/run${name.index}`;
  rmSync(pathIn(world, host, runFolder), { recursive: true, force: true });
  mkdirSync(pathIn(world, host, runFolder));
  const argv = qemuArgv({
    vmId: `benchraw${String.fromCharCode(97 + (name.index % 26))}`.padEnd(26, "a"),
    machine: "pc-q35-10.0",
    cpuModel: composeCpuModel({ cpu: "portable", accelerator: "tcg" }),
    accelerator: "tcg",
    vcpus: 1,
    memoryBytes: shape.memoryMib * 2 ** 20,
    runFolder,
    disks: [{ name: "data", path: makeDisk(world, host, `raw${name.index}.raw`, shape.diskMib) }],
    nicPorts: "each",
    nics: [{ tap, mac: `52:54:00:78:00:${(16 + name.index).toString(16)}` }],
    boot: { ...boot, cmdline: `${cmdline} ${addressWord(name.address)}` },
    incoming,
  }).filter((word) => word !== "-S");
  const [program = "", ...args] = labExecArgv(world.lab, host, ["qemu-system-x86_64", ...argv]);
  spawn(program, args, { stdio: "ignore" }).unref(); // ends by `quit`, and with its host
  const monitor = await openMonitor(pathIn(world, host, qemuSockets(runFolder).qmp));
  if (!incoming) await routeHere(world, host, name.address, tap);
  return { host, shape, monitor };
}
