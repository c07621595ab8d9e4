// The example program under the real Pulumi CLI on a host with the real kernel: one `up` gives a VM a GPU of every kind, its
// guest sees each of them, and after `destroy` the host is as it was.

import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeStack, type PulumiStack } from "../../e2e/world/pulumi-stack";
import { waitFor } from "../../e2e/world/wait-for";
import type { GpuHost } from "../rig/gpu-host";
import { snapshotBefore, snapshotHost } from "../rig/host-snapshot";
import type { LeeaWorld } from "../rig/leea-world";
import { pciListerSector } from "../rig/pci-lister";
import { loadVendorDriver, unloadVendorDriver, withoutCardDriver } from "../rig/vendor-driver";

const program = join(__dirname, "..", "..", "..", "examples", "gpu");
const nvmeIds = "1b36:0010";
const guestLimitMs = 600_000;

/** A VM with GPUs by `pulumi up`, and its end by `pulumi destroy`. */
export function describePulumiUp(world: LeeaWorld): void {
  const folder = mkdtempSync(join(tmpdir(), "leea-gpu-up-"));
  let stack: PulumiStack | undefined;
  let before: readonly string[];

  beforeEach(async () => {
    before = await snapshotBefore(world.a);
  });

  afterEach(async () => {
    stack?.drop();
    stack = undefined;
    if ((await snapshotHost(world.a)).includes("module fake_vgpu"))
      await unloadVendorDriver(world.a, world.device(nvmeIds).address);
    expect(await snapshotHost(world.a)).toEqual(before);
  });

  afterAll(() => rmSync(folder, { recursive: true }));

  const declare = async (gpus: readonly object[], more: Readonly<Record<string, string>>): Promise<PulumiStack> => {
    const { host: address, ...way } = world.a.connection;
    const connection = JSON.stringify({ host: address, ...way });
    return makeStack({ connection, nodeId: world.nodeA.id, gpus: JSON.stringify(gpus), ...more }, program);
  };

  test("one `up` hands a whole GPU, a VF, a mediated device and a vendor's typed VF to a guest that sees them all", async () => {
    await loadVendorDriver(world.a);
    const typed = await snapshotHost(world.a);
    const audio = world.devices.find(({ classCode }) => classCode.startsWith("0403"));
    const whole = world.devices.find(({ iommuGroup }) => iommuGroup === audio?.iommuGroup);
    stack = await declare(
      [
        { name: "whole", device: { address: whole?.address }, mode: "passthrough" },
        { name: "vf", device: { address: world.device("8086:10c9").address }, mode: "sriov", vfs: 1 },
        { name: "mediated", device: { vendor: "virtual", model: "mbochs" }, mode: "mdev", profile: "mbochs-small" },
        { name: "typed", device: { vendor: "nvidia", model: "2335" }, profile: "FAKE H200X-1Q" },
      ],
      { memory: "64MiB", diskSize: "8MiB", image: makeListerImage(folder) },
    );
    const wanted = [whole?.ids ?? "", audio?.ids ?? "", "8086:10ca", "10de:2335"];
    await stack.run("up", "--yes", "--skip-preview");
    const outputs = await stack.outputs();
    expect(outputs["devices"]).toMatchObject(
      ["passthrough", "sriov", "mdev", "vendor-vfio"].map((chosenMode) => ({ chosenMode })),
    );
    const { vmId } = outputs;
    const seen = await waitFor(
      "the guest's firmware to have given each device its place",
      async () => {
        const found = await listGuestDevices(world.a, String(vmId));
        return wanted.every((ids) => found.includes(ids)) && found;
      },
      guestLimitMs,
    );
    expect(seen.filter((ids) => ids === whole?.ids)).toHaveLength(2); // the mediated device shows the same ids
    await stack.run("destroy", "--yes", "--skip-preview");
    expect(withoutCardDriver(await snapshotHost(world.a))).toEqual(withoutCardDriver(typed));
  });
}

/** Vendor and device in hex of all that a VM's guest has given a bus number: QEMU lists nothing behind a port that has none. */
async function listGuestDevices(host: GpuHost, vmId: string): Promise<string[]> {
  // Not at once: a look takes the emulated host longer than it takes the guest to come on.
  const said = await host.run(`
    sleep 2
    node -e '
      const socket = require("net").connect("/run/leea-vm/${vmId}/people.sock");
      require("readline").createInterface({ input: socket }).on("line", (line) => {
        const { id, return: buses } = JSON.parse(line);
        if (id !== "pci") return;
        const list = (devices) => devices.flatMap((d) => [
          [d.id.vendor, d.id.device].map((n) => n.toString(16).padStart(4, "0")).join(":"), ...list(d.pci_bridge?.devices ?? []),
        ]);
        console.log(buses.flatMap((bus) => list(bus.devices)).join(" "));
        process.exit();
      });
      for (const execute of ["qmp_capabilities", "query-pci"]) socket.write(JSON.stringify({ execute, id: execute.slice(-3) }) + "\\n");
    '
  `);
  return said.split(" ");
}

/** A disk that boots to a list of all PCI devices on the console, one a line, then a line with a full stop. */
function makeListerImage(folder: string): string {
  const [raw, image] = [join(folder, "lister.raw"), join(folder, "lister.qcow2")];
  writeFileSync(raw, pciListerSector());
  execFileSync("qemu-img", ["convert", "-f", "raw", "-O", "qcow2", raw, image]);
  return image;
}
