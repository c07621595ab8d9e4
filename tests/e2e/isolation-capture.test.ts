// What others can read of a VM while it moves between hosts that are not peers: on the underlay only WireGuard and SSH,
// and on the host between, inside its own mesh interfaces, none of the guest's disk or memory.

import { spawn } from "node:child_process";
import { labExecArgv } from "../../provider/cli/lab/lab";
import { runInside } from "./enter-lab";
import { type Captured, startCapture } from "./world/capture";
import { createVm, type TrackedVm } from "./world/tracked-vm";
import { findTraces } from "./world/vm-traces";
import { waitFor } from "./world/wait-for";
import { closeWorld, joinInARow, nodeOf, openWorld, type World } from "./world/world";

jest.setTimeout(240_000);

const mebibyte = 2 ** 20;
let world: World;
let vm: TrackedVm;

beforeAll(async () => {
  world = await openWorld("capture", ["a", "b", "c"]);
  await joinInARow(world);
  const fields = { disks: [{ name: "root", size: "64MiB" }] };
  vm = await createVm(world, "web", "a", { guest: "leea.write=100 leea.dirty=2 leea.ws=16", fields });
  await vm.booted("a");
  await vm.wroteMore("a", 200);
});

afterAll(() => closeWorld(world));

/** The finalizer of setup/guest/program/block-pattern.c. */
function mix(value: number): number {
  let mixed = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

/** Sixteen bytes from the noise of a page of the guest's working set (setup/guest/program/memory-dirtier.c). */
function pageNeedle(page: number): Buffer {
  const needle = Buffer.alloc(16);
  const seed = Math.imul(page, 0x9e3779b9);
  for (let word = 0; word < 4; word++) needle.writeUInt32LE(mix((seed ^ (word + 100)) >>> 0), word * 4);
  return needle;
}

/** What every block on the guest's first disk begins with, and parts of some pages of its memory. */
const needles = {
  "disk block": Buffer.from([0x4c, 0x45, 0x45, 0x41, 0, 0, 0, 0]),
  "memory page 7": pageNeedle(7),
  "memory page 1000": pageNeedle(1000),
  "memory page 4000": pageNeedle(4000),
};

// WireGuard's four messages by their type and three zero bytes; ARP and IPv6 neighbour messages belong to any Ethernet.
const wireguard = "udp portrange 51820-51883 and udp[8] >= 1 and udp[8] <= 4 and udp[9] = 0 and udp[10:2] = 0";
const stranger = `not ( ( ${wireguard} ) or tcp port 22 or arp or icmp6 )`;

/** The guest's own bytes, in plain text over the same way: disk image, then the memory of its QEMU. */
async function sendPlainly(from: string, to: string): Promise<void> {
  const qemu = (await findTraces(vm, from)).find((line) => line.startsWith("qemu: "));
  const pid = Number(/\d+/.exec(qemu ?? "")?.[0]);
  const address = nodeOf(world, to).known.outputs["meshAddress"];
  const listen = `require("node:net").createServer((s) => s.resume().on("end", () => process.exit(0)))
    .listen(51790, "${String(address)}", () => console.log("ready"))`;
  const [program = "", ...args] = labExecArgv(world.lab, to, ["node", "-e", listen]);
  const server = spawn(program, args, { stdio: ["ignore", "pipe", "inherit"] });
  let said = "";
  server.stdout.setEncoding("utf8").on("data", (text: string) => (said += text));
  await waitFor("the listener", () => said.includes("ready"), 10_000);
  const send = `
    const fs = require("node:fs");
    const maps = fs.readFileSync("/proc/${pid}/maps", "utf8").split("\\n").map((line) => /^(\\w+)-(\\w+) rw/.exec(line));
    const sizes = maps.filter(Boolean).map((m) => [parseInt(m[1], 16), parseInt(m[2], 16) - parseInt(m[1], 16)]);
    const [start, length] = sizes.find(([, size]) => size === 128 * 2 ** 20);
    const socket = require("node:net").connect(51790, "${String(address)}", () => {
      const disk = fs.createReadStream("/var/lib/leea/vm/${vm.id}/disks/root.raw", { end: 4 * 2 ** 20 - 1 });
      const memory = fs.createReadStream("/proc/${pid}/mem", { start, end: start + length - 1 });
      disk.on("end", () => memory.pipe(socket)).pipe(socket, { end: false });
    });
    socket.on("close", () => process.exit(0));`;
  await runInside(world.lab, from, `node -e '${send}'`);
}

function expectWhole({ packets, dropped }: Captured): void {
  expect(packets).toBeGreaterThan(1000);
  expect(dropped).toBeLessThan(packets / 10);
}

test("the search finds the guest's disk and memory where they cross a host in the clear", async () => {
  const capture = await startCapture(world, { place: "b", device: "leeal1" });
  await sendPlainly("a", "c");
  const seen = await capture.stop(needles);
  expectWhole(seen);
  expect(seen.found["disk block"]).toBeGreaterThan(10);
  for (const page of [7, 1000, 4000]) expect(seen.found[`memory page ${page}`]).toBeGreaterThan(0);
});

test("a move shows the underlay WireGuard and SSH alone, and the host between nothing of the guest", async () => {
  const inside = await startCapture(world, { place: "b", device: "leeal1" });
  const tunnels = await startCapture(world, { place: "inet", device: "uplink", filter: wireguard });
  const strangers = await startCapture(world, { place: "inet", device: "uplink", filter: stranger });
  await vm.update("c");
  const seen = await inside.stop(needles);
  expect(vm.outputs.currentNode).toBe(nodeOf(world, "c").id);
  expectWhole(seen);
  expect(seen.bytes).toBeGreaterThan(20 * mebibyte);
  expect(seen.found).toEqual(Object.fromEntries(Object.keys(needles).map((name) => [name, 0])));
  expect((await tunnels.stop()).packets).toBeGreaterThan(1000);
  // Seen by the same capture: one packet that is neither.
  await runInside(world.lab, "a", "ping -c 1 -W 5 203.0.113.10");
  expect((await strangers.stop()).packets).toBe(2);
});
