// A VM that boots from its own disk, filled from a qcow2 image: the image is a boot sector that says a word on the
// console, so that nothing but this disk can have said it. It grows on its way and moves like any other.

import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { runInside } from "./enter-lab";
import { createVm, type TrackedVm } from "./world/tracked-vm";
import { waitFor } from "./world/wait-for";
import { closeWorld, joinInARow, openWorld, type World } from "./world/world";

jest.setTimeout(180_000);

const word = "THIS DISK BOOTED";
const mebi = 1024 * 1024;

let world: World;
let vm: TrackedVm;
let folder: string;

/** 16-bit code at 0x7c00: sends the text behind it to COM1, then halts for good. */
function bootSector(text: string): Buffer {
  const code = [
    0xfa, 0x31, 0xc0, 0x8e, 0xd8, 0xbe, 0x16, 0x7c, 0xba, 0xf8, 0x03, 0xac, 0x84, 0xc0, 0x74, 0x03, 0xee, 0xeb, 0xf8,
    0xf4, 0xeb, 0xfd,
  ];
  const sector = Buffer.alloc(512);
  Buffer.from([...code, ...Buffer.from(`${text}\n`), 0]).copy(sector);
  sector.writeUInt16LE(0xaa55, 510);
  return sector;
}

async function makeImage(): Promise<string> {
  folder = await mkdtemp(join(tmpdir(), "leea-image-"));
  const raw = join(folder, "disk.raw");
  const disk = Buffer.alloc(4 * mebi, 0x5a);
  bootSector(word).copy(disk);
  await writeFile(raw, disk);
  await promisify(execFile)("qemu-img", ["convert", "-f", "raw", "-O", "qcow2", raw, join(folder, "disk.qcow2")]);
  return join(folder, "disk.qcow2");
}

beforeAll(async () => {
  world = await openWorld("image", ["a", "b"]);
  await joinInARow(world, ["a", "b"]);
  const disks = [{ name: "root", size: "8MiB", image: await makeImage() }];
  vm = await createVm(world, "imaged", "a", { fields: { boot: undefined, disks, memory: "64MiB" } });
});

afterAll(async () => {
  await closeWorld(world);
  await rm(folder, { recursive: true, force: true });
});

const disk = (): string => `/var/lib/leea/vm/${vm.id}/disks/root.raw`;

test("the VM boots from the disk that the image filled", async () => {
  const log = `/var/lib/leea/vm-log/${vm.id}.console.log`;
  await waitFor("the boot sector's word", async () =>
    (await runInside(world.lab, "a", `cat ${log} || true`)).includes(word),
  );
});

test("the disk is flat, has the declared size, and holds the image and zeros behind it", async () => {
  expect(await runInside(world.lab, "a", `stat -c %s ${disk()}`)).toBe(String(8 * mebi));
  expect(await runInside(world.lab, "a", `head -c ${4 * mebi} ${disk()} | tail -c 512 | tr -d Z | wc -c`)).toBe("0");
  expect(await runInside(world.lab, "a", `tail -c ${4 * mebi} ${disk()} | tr -d '\\0' | wc -c`)).toBe("0");
});

test("a second look finds nothing to change", async () => {
  const { hasChanges, lines } = await vm.preview("a");
  expect({ hasChanges, lines }).toEqual({ hasChanges: false, lines: [] });
});

test("it moves with its disk, byte for byte", async () => {
  const before = await runInside(world.lab, "a", `sha256sum < ${disk()}`);
  await vm.update("b");
  expect(await runInside(world.lab, "b", `sha256sum < ${disk()}`)).toBe(before);
});
