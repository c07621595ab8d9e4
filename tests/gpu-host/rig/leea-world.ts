// Two emulated hosts that are MeshNodes: what the tests of leea's own acts share, because an agent is put on a host and
// taken away in half a minute of emulated time.

import { meshNodeHandler } from "../../../provider/controller/handlers/mesh-node";
import { closeIdleHosts } from "../../../provider/controller/host-pool";
import { type DeclaredNode, makeNode, nodeContext } from "./declared-node";
import type { GpuHost } from "./gpu-host";
import { snapshotHost } from "./host-snapshot";
import { readPciDevices, type SysfsDevice } from "./read-pci-devices";
import { shareHost } from "./shared-host";

/** The hosts and nodes; everything is there once `open` has resolved. */
export class LeeaWorld {
  a!: GpuHost;
  b!: GpuHost;
  nodeA!: DeclaredNode;
  nodeB!: DeclaredNode;
  /** What a has when nothing was made of it. */
  devices: readonly SysfsDevice[] = [];
  #before: readonly string[] = [];

  /** Boots what does not run yet and makes both MeshNodes, b linked to a. */
  async open(): Promise<void> {
    [this.a, this.b] = await Promise.all([shareHost("a"), shareHost("b")]);
    this.#before = await this.look();
    // The system itself loads a driver for the functions of the network card once there are some, and one for taps.
    await this.a.run("modprobe -a mbochs igbvf tun");
    await this.b.run("modprobe tun");
    this.devices = await readPciDevices(this.a);
    this.nodeA = await makeNode(this.a, { endpoint: "10.77.0.1" });
    this.nodeB = await makeNode(this.b, { endpoint: "10.77.0.2", peer: this.nodeA });
  }

  /** Deletes the nodes and gives both hosts as they were before and are now. */
  async leave(): Promise<{ readonly before: readonly string[]; readonly now: readonly string[] }> {
    closeIdleHosts();
    for (const node of [this.nodeB, this.nodeA]) await meshNodeHandler.delete(node.id, node.known, nodeContext);
    await this.a.run("modprobe -r mbochs");
    return { before: this.#before, now: await this.look() };
  }

  /** Lets go of the hosts, whatever is left on them. */
  async close(): Promise<void> {
    closeIdleHosts();
    await Promise.all([this.a, this.b].map((host) => host?.stop()));
  }

  /** The device of a with these ids. */
  device(ids: string, classCode = ""): SysfsDevice {
    const found = this.devices.find((device) => device.ids === ids && device.classCode.startsWith(classCode));
    if (found === undefined) throw new Error(`the host has no device ${ids}`);
    return found;
  }

  private async look(): Promise<readonly string[]> {
    // A mesh brings in modules of the packet filter and of WireGuard, which no one takes away from a kernel.
    const looks = [this.a, this.b].map(async (host) => [
      ...(await snapshotHost(host)).filter((line) => !line.startsWith("module ")),
      await host.run(traces),
    ]);
    return (await Promise.all(looks)).flat();
  }
}

const traces = `
  ls -d /opt/leea /var/lib/leea /run/leea* /etc/systemd/system/leea* /sys/class/net/leea* 2>/dev/null || :
  ip -o route; nft list tables; ls /etc/systemd/system/*.wants
`;
