// A VM with GPUs that changes hosts while it runs, by the example program under the real Pulumi CLI: its guest lets go of what
// it has, moves live, and gets the other host's. The guest itself writes down what it reads from its VF, and when it saw a
// GPU and when none. It boots while other tests go on: a guest of an emulated host takes minutes to come up.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Values } from "../../../provider/controller/handlers/handler-context";
import { makeStack, type PulumiStack } from "../../e2e/world/pulumi-stack";
import type { DeclaredNode } from "../rig/declared-node";
import { namespaceText } from "../rig/gpu-host";
import { waitForGuest } from "../rig/guest-console";
import { makeGuestInitrd } from "../rig/guest-initrd";
import { snapshotBefore, snapshotHost } from "../rig/host-snapshot";
import type { LeeaWorld } from "../rig/leea-world";
import { readPciDevices } from "../rig/read-pci-devices";
import { deviceFolder } from "../rig/vfio-by-hand";

const program = join(__dirname, "..", "..", "..", "examples", "gpu-move");
const cmdline =
  "console=ttyS0 quiet nokaslr mitigations=off tsc=reliable no_timer_check lpj=4000000 cryptomgr.notests rdinit=/recorder";

/** The VM's way: `begin` starts its boot on host b, `describe` waits for it and moves it to a. */
export class GpuMove {
  readonly #folder = mkdtempSync(join(tmpdir(), "leea-gpu-move-"));
  readonly #world: LeeaWorld;
  #stack: PulumiStack | undefined;
  #before: readonly string[] | undefined;
  #begun: Promise<void> | undefined;

  constructor(world: LeeaWorld) {
    this.#world = world;
  }

  /** Returns at once; what goes wrong fails the first test that waits for it. */
  begin(): void {
    this.#begun = this.#boot();
    this.#begun.catch(() => undefined);
  }

  /** Forgets the stack; what it made stays. */
  end(): void {
    this.#stack?.drop();
    rmSync(this.#folder, { recursive: true });
  }

  describe(): void {
    test("has a Linux guest that reads through its VF what lies on the host's device, and sees its display card", async () => {
      const begun = this.#begun ?? this.#boot();
      this.#begun = undefined; // a second try begins anew
      await begun;
      const { vmId } = await this.#outputs();
      await waitForGuest(this.#world.b, vmId, namespaceText);
      await waitForGuest(this.#world.b, vmId, "GPU: here .");
    });

    test("lets go of both by its guest, moves live, and sees the other host's come", async () => {
      const { a, nodeA, nodeB } = this.#world;
      const stack = this.#stack as PulumiStack;
      const before = await snapshotBefore(a);
      const { vmId, bootedAt, gpusInMachine } = await this.#outputs();
      expect(gpusInMachine).toHaveLength(2);
      const hosts = JSON.stringify({ b: await this.#hostOf(nodeB, true), a: await this.#hostOf(nodeA, false) });
      await stack.run("config", "set", "hosts", hosts);
      await stack.run("config", "set", "place", "a");
      await stack.run("up", "--yes", "--skip-preview", "--target", "**a-display");
      const preview = await stack.run("preview");
      expect(preview).toMatch(/moves live from b to a/);
      expect(preview).toMatch(/asked to let go of 2 GPUs \(QEMU says: .*VFIO migration is not supported/);
      await stack.run("up", "--yes", "--skip-preview");
      const { partitions, ...moved } = await this.#outputs();
      expect(moved).toMatchObject({ vmId, bootedAt, currentNode: nodeA.id, lastMigration: { mode: "live" } });
      expect(moved["gpusInMachine"]).toEqual([(partitions as Values[]).at(-1)?.["partitionId"]]);
      await waitForGuest(a, vmId, "GPU: here none here .");
      await stack.run("destroy", "--yes", "--skip-preview");
      expect(await snapshotHost(a)).toEqual(before);
      expect(await snapshotHost(this.#world.b)).toEqual(this.#before);
    });
  }

  async #boot(): Promise<void> {
    const { b, nodeB } = this.#world;
    this.#before ??= await snapshotHost(b);
    const hosts = JSON.stringify({ b: await this.#hostOf(nodeB, true) });
    const guest = {
      memory: "192MiB",
      kernel: String(process.env["LEEA_GUEST_KERNEL"]),
      initrd: makeGuestInitrd(this.#folder),
      cmdline,
    };
    this.#stack ??= await makeStack({ hosts, place: "b", ...guest }, program);
    await this.#stack.run("up", "--yes", "--skip-preview", "--target", "**b-vf");
    await b.run(await this.#shareOfVf());
    await this.#stack.run("up", "--yes", "--skip-preview");
  }

  #outputs(): Promise<Values> {
    return (this.#stack as PulumiStack).outputs();
  }

  /** What the program is told of a host: its display card that is alone in its group, and a VF of its NVMe card. */
  async #hostOf(node: DeclaredNode, withVf: boolean): Promise<object> {
    const devices = await readPciDevices(node.host);
    const display = devices.find(
      ({ classCode, iommuGroup }) =>
        classCode.startsWith("0380") && devices.filter((other) => other.iommuGroup === iommuGroup).length === 1,
    );
    const vf = { name: "vf", device: { address: await this.#nvmeOf(node) }, mode: "sriov", vfs: 1 };
    const whole = { name: "display", device: { address: display?.address }, mode: "passthrough" };
    const { host: address, ...way } = node.host.connection;
    return { id: node.id, connection: { host: address, ...way }, gpus: withVf ? [vf, whole] : [whole] };
  }

  async #nvmeOf({ host }: DeclaredNode): Promise<string> {
    return (await readPciDevices(host)).find(({ ids }) => ids === "1b36:0010")?.address ?? "";
  }

  /** The device's own way to give a VF its share: offline, two queues and one interrupt, then online. */
  async #shareOfVf(): Promise<string> {
    return `
      controller=$(basename $(ls -d ${deviceFolder(await this.#nvmeOf(this.#world.nodeB))}/nvme/nvme* | head -1))
      nvme virt-mgmt /dev/$controller -c 1 -r 0 -n 0 -a 7
      nvme virt-mgmt /dev/$controller -c 1 -r 0 -n 2 -a 8
      nvme virt-mgmt /dev/$controller -c 1 -r 1 -n 1 -a 8
      nvme virt-mgmt /dev/$controller -c 1 -r 0 -n 0 -a 9
    `;
  }
}
