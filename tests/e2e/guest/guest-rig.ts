// A test guest on real QEMU in a network namespace of its own: one tap, DHCP and DNS as the mesh gives them, one disk.
// Must remove all it made, whatever failed; touches no interface outside its namespace.
import type { ChildProcess } from "node:child_process";
import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { RunIn } from "../../../provider/cli/story/guest-client";
import { sendQmpCommand } from "./qmp-line";

const ADDRESS = "10.100.0.5";
const GATEWAY = "169.254.1.1";
const MAC = "52:54:00:00:00:05";
const DISK_BYTES = 128 << 20;
const TAP = "tap0";

/** The rig. `console()` is the guest's console so far; `exited` settles with QEMU's exit status. */
export interface GuestRig {
  readonly address: string;
  readonly gateway: string;
  readonly diskPath: string;
  readonly runIn: RunIn;
  readonly console: () => string;
  readonly qmp: (command: string) => Promise<unknown>;
  readonly exited: Promise<number | null>;
  readonly remove: () => Promise<void>;
}

/** Waits until `condition` holds; throws, naming `what`, when it does not within `limitMs`. */
export async function waitFor(
  what: string,
  limitMs: number,
  condition: () => boolean | Promise<boolean>,
): Promise<void> {
  const deadline = Date.now() + limitMs;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`${what}: not within ${limitMs} ms`);
    await new Promise((wake) => setTimeout(wake, 50));
  }
}

function dnsmasqConfig(folder: string): string {
  return [
    "bind-interfaces",
    "except-interface=lo",
    `interface=${TAP}`,
    "dhcp-authoritative",
    "no-resolv",
    "no-hosts",
    "address=/known.test/10.99.0.3",
    `shared-network=${TAP},10.100.0.0`,
    "dhcp-range=10.100.0.0,static,255.255.0.0,infinite",
    "dhcp-option=option:netmask,255.255.255.255",
    `dhcp-option=option:router,${GATEWAY}`,
    `dhcp-option=option:dns-server,${GATEWAY}`,
    `dhcp-option=option:classless-static-route,${GATEWAY}/32,0.0.0.0,0.0.0.0/0,${GATEWAY}`,
    "dhcp-option=option:mtu,1420",
    `dhcp-host=${MAC},${ADDRESS},infinite`,
    `dhcp-leasefile=${join(folder, "leases")}`,
    "",
  ].join("\n");
}

function qemuArgv(guest: { kernel: string; initrd: string }, folder: string, options: string): readonly string[] {
  const drive = { driver: "raw", "node-name": "disk0" };
  const file = { driver: "file", filename: join(folder, "disk.raw"), cache: { direct: true }, aio: "threads" };
  return [
    ...["qemu-system-x86_64", "-machine", "q35", "-accel", "tcg,thread=multi", "-m", "192", "-smp", "1"],
    ...["-nodefaults", "-no-user-config", "-display", "none", "-kernel", guest.kernel, "-initrd", guest.initrd],
    ...["-append", `console=ttyS0 quiet mitigations=off tsc=reliable nokaslr panic=-1 ${options}`],
    ...["-qmp", `unix:${join(folder, "qmp")},server=on,wait=off`, "-serial", `file:${join(folder, "console")}`],
    ...["-blockdev", JSON.stringify({ ...drive, file }), "-device", "virtio-blk-pci,drive=disk0"],
    ...["-netdev", `tap,id=n0,ifname=${TAP},script=no,downscript=no`],
    ...["-device", `virtio-net-pci,netdev=n0,mac=${MAC},romfile=`],
  ];
}

function makeNamespace(name: string): void {
  const ip = (...args: string[]) => execFileSync("ip", args, { stdio: "pipe" });
  ip("netns", "add", name);
  for (const line of [
    "link set lo up",
    `tuntap add dev ${TAP} mode tap`,
    `link set ${TAP} mtu 1420 up`,
    `address add ${GATEWAY}/32 dev ${TAP}`,
    `route add ${ADDRESS}/32 dev ${TAP}`,
  ]) {
    ip("-n", name, ...line.split(" "));
  }
}

async function endChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((done) => child.once("exit", done));
  child.kill("SIGKILL");
  await ended;
}

function buildTestGuest(): { kernel: string; initrd: string } {
  const builder = resolve(__dirname, "../../../setup/guest/build-guest.mjs");
  const text = execFileSync(process.execPath, [builder], { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
  return JSON.parse(text) as { kernel: string; initrd: string };
}

/** Builds the guest, makes the namespace and starts QEMU. `options` go to the kernel's command line, such as "leea.write=50". */
export async function startGuestRig(options: string): Promise<GuestRig> {
  const guest = buildTestGuest();
  const folder = mkdtempSync(join(tmpdir(), "leea-guest-rig-"));
  const namespace = `leea-guest-${process.pid}`;
  const children: ChildProcess[] = [];
  const remove = async (): Promise<void> => {
    await Promise.all(children.map(endChild));
    if (existsSync(`/run/netns/${namespace}`)) execFileSync("ip", ["netns", "delete", namespace]);
    rmSync(folder, { recursive: true, force: true });
  };
  const start = (argv: readonly string[], stdio: "ignore" | "pipe"): ChildProcess => {
    const child = spawn("ip", ["netns", "exec", namespace, ...argv], { stdio });
    children.push(child);
    return child;
  };
  try {
    writeFileSync(join(folder, "disk.raw"), "");
    truncateSync(join(folder, "disk.raw"), DISK_BYTES);
    writeFileSync(join(folder, "dnsmasq.conf"), dnsmasqConfig(folder));
    makeNamespace(namespace);
    start(["dnsmasq", "-k", "-C", join(folder, "dnsmasq.conf")], "ignore");
    const qemu = start(qemuArgv(guest, folder, options), "ignore");
    return {
      address: ADDRESS,
      gateway: GATEWAY,
      diskPath: join(folder, "disk.raw"),
      runIn: (argv) => start(argv, "pipe"),
      console: () => readTextOrEmpty(join(folder, "console")),
      qmp: (command) => sendQmpCommand(join(folder, "qmp"), command),
      exited: new Promise((done) => qemu.once("exit", done)),
      remove,
    };
  } catch (error) {
    await remove();
    throw error;
  }
}

function readTextOrEmpty(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return ""; // QEMU has not opened its console yet
  }
}
