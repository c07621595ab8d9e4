// What the guest's firmware makes of a machine's GPU ports: the real QEMU and SeaBIOS, under TCG. It touches nothing outside a
// temporary folder. The devices are QEMU's own; a passed one is placed by the same rules.

import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { composeCpuModel } from "../../provider/model/qemu-argv/cpu-model";
import { rootPortId } from "../../provider/model/qemu-argv/pci-layout";
import { qemuArgv } from "../../provider/model/qemu-argv/qemu-argv";
import type { QemuLaunch } from "../../provider/model/qemu-argv/qemu-launch";
import { waitFor } from "./world/wait-for";

jest.setTimeout(90_000);

const GiB = 1024 ** 3;
const ports = 8;

let folder: string;
let qemu: ChildProcess | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "leea-ports-"));
});
afterEach(() => {
  qemu?.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
});

/** Waits for a line of the firmware's own log, of a machine with a card behind the first of its GPU ports. */
async function waitForMap(device: Readonly<Record<string, unknown>>, isMapped: RegExp): Promise<void> {
  const launch: QemuLaunch = {
    vmId: "leeatestvm234567",
    machine: "pc-q35-10.0",
    cpuModel: composeCpuModel({ cpu: "portable", accelerator: "tcg" }),
    accelerator: "tcg",
    vcpus: 1,
    memoryBytes: 64 * 1024 ** 2,
    runFolder: folder,
    disks: [],
    nics: [],
    gpuPorts: ports,
    incoming: false,
  };
  const log = join(folder, "firmware.log");
  const card = { ...device, bus: rootPortId("gpu", 0) };
  const debug = ["-chardev", `file,id=firmware,path=${log}`, "-device", "isa-debugcon,iobase=0x402,chardev=firmware"];
  // The guest is to take its first steps: without -S.
  const argv = [...qemuArgv(launch).filter((word) => word !== "-S"), ...debug, "-device", JSON.stringify(card)];
  qemu = spawn("qemu-system-x86_64", argv, { stdio: ["ignore", "ignore", "inherit"] });
  const read = (): string => (existsSync(log) ? readFileSync(log, "utf8") : "");
  await waitFor("the firmware's map of the devices", async () => isMapped.test(read()), 60_000);
}

test("a card of 256 GiB gets its addresses, with seven ports beside it", async () => {
  const map = /map device bdf=\S+ +bar 2, addr [0-9a-f]{9,}, size 4000000000 \[prefmem\]/;
  await expect(waitForMap({ driver: "pci-testdev", membar: 256 * GiB }, map)).resolves.toBeUndefined();
});

// Behind a port that kept addresses above 4 GiB free, the firmware would have no place for it and stop.
test("a display card whose prefetchable memory is below 4 GiB gets its addresses, too", async () => {
  const map = /map device bdf=\S+ +bar 0, addr [0-9a-f]{8}, size 01000000 \[prefmem\]/;
  await expect(waitForMap({ driver: "bochs-display" }, map)).resolves.toBeUndefined();
});
