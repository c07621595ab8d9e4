// Hosts that lack what a GPU needs: what their kernel does, and what leea's agent tells of them, refuses and leaves undone.

import { closeIdleHosts } from "../../provider/controller/host-pool";
import { openHost } from "../../provider/controller/host-session";
import type { CheckPartitionAnswer, GpuInventory } from "../../provider/protocol/gpu";
import "./rig/declared-node";
import { type GpuHost, startGpuHost } from "./rig/gpu-host";
import type { HostWish } from "./rig/host-argv";
import { readPciDevices } from "./rig/read-pci-devices";
import { refusedStart } from "./rig/refused-guest";
import { bindVfio, deviceFolder } from "./rig/vfio-by-hand";

jest.setTimeout(900_000);

const nvmeIds = "1b36:0010";
const wishes: readonly Omit<HostWish, "devices">[] = [
  { name: "without", iommu: "none", interruptRemapping: false },
  { name: "off", iommu: "intel", interruptRemapping: true, kernelWords: ["intel_iommu=off"] },
  { name: "unremapped", iommu: "intel", interruptRemapping: false },
];
let hosts: readonly GpuHost[] = [];
let answers: ReadonlyMap<string, AgentAnswer> = new Map();

// Side by side: each waits for its devices most of the time.
beforeAll(async () => {
  const started = await Promise.allSettled(
    wishes.map((wish) => startGpuHost({ ...wish, devices: ["boot-display", "sriov-nvme"] })),
  );
  hosts = started.flatMap((each) => (each.status === "fulfilled" ? [each.value] : []));
  const failed = started.flatMap((each) => (each.status === "rejected" ? [each.reason] : []));
  if (failed.length > 0) throw new AggregateError(failed);
  const asked = hosts.map(async (host) => [host.name, await askAgent(host)] as const);
  answers = new Map(await Promise.all(asked));
});

afterAll(async () => {
  closeIdleHosts();
  await Promise.all(hosts.map((host) => host.stop()));
});

function hostNamed(name: string): GpuHost {
  const found = hosts.find((host) => host.name === name);
  if (found === undefined) throw new Error(`there is no host ${name}`);
  return found;
}

function answerOf(name: string): AgentAnswer {
  const found = answers.get(name);
  if (found === undefined) throw new Error(`the agent of host ${name} was not asked`);
  return found;
}

const groupsOf = async (host: GpuHost) => new Set((await readPciDevices(host)).map(({ iommuGroup }) => iommuGroup));

/** What a host's agent says of it, and of a VF of its NVMe device. */
interface AgentAnswer {
  readonly inventory: GpuInventory;
  readonly check: CheckPartitionAnswer;
}

async function askAgent(host: GpuHost): Promise<AgentAnswer> {
  const address = await nvmeOf(host);
  const session = await openHost(host.connection, { install: "if-missing" });
  try {
    const spec = { name: "g", address, mode: "sriov" } as const;
    const params = { partitionId: "g".repeat(26) };
    return {
      inventory: await session.call("listGpus", {}),
      check: await session.call("checkGpuPartition", { params, body: { spec } }),
    };
  } finally {
    session.close();
  }
}

async function nvmeOf(host: GpuHost): Promise<string> {
  const found = (await readPciDevices(host)).find(({ ids }) => ids === nvmeIds);
  if (found === undefined) throw new Error("the host has no NVMe device");
  return found.address;
}

describe("a host without an IOMMU", () => {
  test("has no group, and VFIO takes nothing, without an error", async () => {
    const host = hostNamed("without");
    expect(await host.run("ls /sys/class/iommu /sys/kernel/iommu_groups")).toBe(
      "/sys/class/iommu:\n\n/sys/kernel/iommu_groups:",
    );
    expect(await groupsOf(host)).toEqual(new Set([undefined]));
    const folder = deviceFolder(await nvmeOf(host));
    await host.run(`modprobe vfio-pci; echo 0 >${folder}/sriov_drivers_autoprobe; echo 1 >${folder}/sriov_numvfs`);
    const first = await host.run(`basename $(readlink ${folder}/virtfn0)`);
    await bindVfio(host, first);
    expect(await host.run(`readlink ${deviceFolder(first)}/driver || echo none`)).toBe("none");
    expect(await refusedStart(host, `vfio-pci,host=${first}`)).toMatchObject({ trouble: "no-iommu" });
    await host.run(`echo 0 >${folder}/sriov_numvfs`);
  });

  test("is told to switch it on in the firmware, and given no partition", async () => {
    const { inventory, check } = answerOf("without");
    expect(inventory.missing).toMatchObject([
      { trouble: "no-iommu", mend: expect.stringMatching(/^switch on .* in the firmware and boot$/) },
    ]);
    expect(check.troubles).toEqual(["no-iommu"]);
  });
});

describe("a host whose kernel was told to leave the IOMMU off", () => {
  test("has no group, is told of the word, and given no partition", async () => {
    const host = hostNamed("off");
    expect(await host.run("ls /sys/class/iommu")).toBe("");
    expect(await groupsOf(host)).toEqual(new Set([undefined]));
    const { inventory, check } = answerOf("off");
    expect(inventory.missing).toMatchObject([
      { trouble: "no-iommu", mend: "take intel_iommu=off from the kernel's command line and boot" },
    ]);
    expect(check.troubles).toEqual(["no-iommu"]);
  });
});

describe("a host whose IOMMU remaps no interrupts", () => {
  test("has groups, is told so, and given no partition", async () => {
    const host = hostNamed("unremapped");
    expect((await groupsOf(host)).has(undefined)).toBe(false);
    expect(await host.run("dmesg")).not.toMatch(/Enabled IRQ remapping/);
    const { inventory, check } = answerOf("unremapped");
    expect(inventory.missing).toMatchObject([{ trouble: "no-interrupt-remapping" }]);
    expect(check.troubles).toEqual(["no-interrupt-remapping"]);
  });

  test("has QEMU say what it lacks", async () => {
    const host = hostNamed("unremapped");
    const address = await nvmeOf(host);
    await host.run("modprobe vfio-pci");
    await bindVfio(host, address);
    expect(await refusedStart(host, `vfio-pci,host=${address}`)).toMatchObject({ trouble: "no-interrupt-remapping" });
  });
});
