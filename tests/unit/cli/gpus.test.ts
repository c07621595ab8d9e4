// The inventory of `leea gpus`: what the agent's own rules say of a host, as a person and as a program read it.

import { listGpus } from "../../../provider/agent/gpu/answer-gpus";
import { givePartition } from "../../../provider/agent/gpu/partition/hold-partition";
import { releasePartition as releaseOnHost } from "../../../provider/agent/gpu/partition/release-partition";
import { type AskedHost, reportGpus } from "../../../provider/cli/gpus/gpus-report";
import { formatGpus } from "../../../provider/cli/gpus/gpus-text";
import { releasePartition } from "../../../provider/cli/gpus/release-partition";
import type { AnsweringHost } from "../../../provider/cli/hosts/survey";
import { choosePaint } from "../../../provider/cli/text/paint";
import { gpusShape } from "../../../provider/cli/words/json-shapes";
import { LeeaError } from "../../../provider/model/errors";
import type { DeletePartitionRequest } from "../../../provider/protocol/gpu";
import { displayCard, mdevCard, sriovCard, vendorCard, xeCard } from "../../fakes/pci/fake-card";
import { type GpuLab, gpuLab, partitionId, put } from "../agent/gpu/gpu-lab";
import { answering, silent, undocumentedFields } from "./some-survey";

const plain = choosePaint({ isTerminal: false, env: {} });

async function asked(prepare: (lab: GpuLab) => void | Promise<unknown>): Promise<AskedHost> {
  const lab = gpuLab();
  await prepare(lab);
  return { survey: answering("a"), inventory: await listGpus(await lab.restart()) };
}

const linesOf = (...hosts: readonly AskedHost[]) => formatGpus(reportGpus(hosts), plain);

test("a table of GPUs with the ways in which each can be had, and under it why not", async () => {
  const host = await asked(({ pci, system }) => {
    system.put("/usr/share/misc/pci.ids", "10de  NVIDIA Corporation\n\t2335  GH100 [H200 SXM 141GB]\n");
    pci.plug({ ...displayCard, classCode: "030000", isBootDisplay: true }, vendorCard, mdevCard);
  });
  expect(linesOf(host)).toEqual([
    "HOST  ADDRESS       GPU                            KIND            DRIVER     GROUP  VFS     LARGEST BAR  TO BE HAD AS              USED BY",
    "a     0000:02:00.0  1234 1111                      VGA controller  bochs-drm  12             16 MiB       -                         the host",
    "a     0000:05:00.0  8086 1912                      VGA controller  i915       15             16 MiB       passthrough, mdev",
    "a     0000:41:00.0  NVIDIA GH100 [H200 SXM 141GB]  3D controller   nvidia     41     0 of 4  16 MiB       passthrough, vendor-vfio",
    "",
    "a: not passthrough: the host uses 0000:02:00.0: it is the display that the firmware booted with (boot_vga is 1)",
    "a: types of 0000:05:00.0: large 64 MiB (4 free), medium 16 MiB (16 free), small 4 MiB (64 free)",
    "a: not sriov: VFs of 0000:41:00.0 (NVIDIA GH100 [H200 SXM 141GB]) need a type",
  ]);
});

test("partitions with their owner and VM, and a card that has them", async () => {
  const host = await asked(async ({ pci, restart, known }) => {
    pci.plug(sriovCard);
    known.add("web");
    const gpus = await restart();
    await put(gpus, "a", { address: "01:00.0" });
    await put(gpus, "b", { address: "01:00.0" });
    await givePartition(gpus, partitionId("b"), { kind: "vm", id: "web" });
  });
  expect(linesOf(host)).toEqual([
    "HOST  ADDRESS       GPU        KIND                    DRIVER  GROUP  VFS     LARGEST BAR  TO BE HAD AS  USED BY",
    'a     0000:01:00.0  1b36 0010  processing accelerator  nvme    11     2 of 4  16 MiB       sriov         GpuPartition "gpu-a" of acme/shop/prod, GpuPartition "gpu-b" of acme/shop/prod (held by VM web)',
    "",
    "PARTITION  STATE  HOST  MODE   PART          OF              VM",
    "gpu-a      ready  a     sriov  0000:01:00.1  acme/shop/prod",
    "gpu-b      ready  a     sriov  0000:01:00.2  acme/shop/prod  web",
  ]);
});

test("what a host lacks is told once with its mend; a host that does not answer, or is too old, stops no other", async () => {
  const lacking = await asked(({ pci, system }) => {
    pci.plug(displayCard);
    system.put("/proc/interrupts", "  24:  0  PCI-MSI 0-edge\n");
  });
  const old = { survey: answering("b"), reason: "it knows no such verb" };
  const lines = linesOf(lacking, old, { survey: silent("c") });
  expect(lines.slice(3)).toEqual([
    "missing  a: interrupts of devices are not remapped",
    "         next: switch on interrupt remapping in the firmware and boot",
    "error    b: it knows no such verb",
    "error    10.0.0.99: connect ETIMEDOUT",
  ]);
});

test("the quotas that a card's VFs can be given are told", async () => {
  const lines = linesOf(await asked(({ pci }) => void pci.plug(xeCard)));
  expect(lines.at(-1)).toBe("a: quotas of VFs of 0000:61:00.0: vram, executionQuantum, preemptTimeout");
});

test("no GPU anywhere is said", async () => {
  expect(linesOf(await asked(() => undefined))).toEqual(["No GPUs."]);
});

test("the shape that programs read is the documented one", async () => {
  const host = await asked(async ({ pci, restart }) => {
    pci.plug(displayCard, mdevCard, sriovCard);
    pci.setFile("0000:02:00.0", "label", "Slot 1\n");
    pci.setFile("0000:02:00.0", "numa_node", "0\n");
    const gpus = await restart();
    await put(gpus, "a", { vendor: "8086", profile: "large" });
    await givePartition(gpus, partitionId("a"), { kind: "vm", id: "web" });
  });
  expect(undocumentedFields(reportGpus([host, { survey: silent("c") }]), gpusShape)).toEqual([]);
});

describe("a partition is given back by a person", () => {
  const vm = { kind: "vm", id: "web" } as const;

  /** A host with partition "gpu-a" that VM web has, and a way to ask it, whose verbs are the agent's. */
  async function held() {
    const lab = gpuLab();
    lab.pci.plug(displayCard);
    const before = String(lab.pci);
    lab.known.add("web");
    const gpus = await lab.restart();
    await put(gpus, "a", { address: "02:00.0" });
    await givePartition(gpus, partitionId("a"), vm);
    const session = {
      call: async (
        verb: string,
        { params, body }: { params: { partitionId: string }; body: DeletePartitionRequest },
      ) => {
        if (verb !== "deleteGpuPartition") throw new LeeaError({ code: "NOT_FOUND", message: "no operation" });
        return { result: await releaseOnHost(gpus, params.partitionId, body) };
      },
      follow: (operation: object) => Promise.resolve(operation),
    } as unknown as AnsweringHost["session"];
    const ask = async (): Promise<readonly AskedHost[]> => [
      { survey: { ...answering("a"), session }, inventory: await listGpus(gpus) },
    ];
    return { ...lab, before, ask };
  }

  test("one whose VM is gone is told with the order that gives it back", async () => {
    const { known, ask } = await held();
    known.clear();
    const lines = linesOf(...(await ask()));
    expect(lines).toContain("gpu-a      ready  a     passthrough  0000:02:00.0  acme/shop/prod  web (gone)");
    expect(lines.slice(-2)).toEqual([
      "gone     a: gpu-a is given to VM web, which the host knows no more",
      `         next: leea gpus --release ${partitionId("a")}`,
    ]);
  });

  test("without --yes it is only told what would be done; with it the device is as before", async () => {
    const { pci, before, known, ask } = await held();
    known.clear();
    const standing = String(pci);
    const told = await releasePartition("gpu-a", await ask(), false);
    expect(told).toEqual({
      partitionId: partitionId("a"),
      name: "gpu-a",
      owner: "acme/shop/prod",
      host: "a",
      outcome: "told",
      message:
        "passthrough of 0000:02:00.0 on a would go back to its host's driver; VM web has it, which the host knows no more; acme/shop/prod declares it, whose next `up` with a refresh makes it again",
    });
    expect(String(pci)).toBe(standing);
    const done = await releasePartition(partitionId("a"), await ask(), true);
    expect(done).toMatchObject({ outcome: "released", message: "its device is as it was before" });
    expect(String(pci)).toBe(before);
    expect(undocumentedFields(done, gpusShape)).toEqual([]);
  });

  test("the host refuses it for a VM that it knows, and for a program that has it open", async () => {
    const { pci, known, ask } = await held();
    const refused = async () => (await releasePartition("gpu-a", await ask(), true).catch((error) => error)).details;
    expect(await refused()).toMatchObject({ trouble: "held-by-vm" });
    known.clear();
    await pci.hold("/dev/vfio/12");
    expect(await refused()).toMatchObject({ trouble: "held-by-process" });
  });

  test("a word that names none, and hosts that do not answer, are told", async () => {
    const { ask } = await held();
    await expect(releasePartition("gpu-b", await ask(), true)).rejects.toMatchObject({
      code: "NOT_FOUND",
      message: expect.stringContaining('did you mean "gpu-a"?'),
      hint: "There are: gpu-a.",
    });
    const twice = [...(await ask()), ...(await ask())];
    await expect(releasePartition("gpu-a", twice, true)).rejects.toMatchObject({ hint: "Name it by its id." });
    await expect(releasePartition("gpu-a", [{ survey: silent("c") }], true)).rejects.toMatchObject({
      code: "HOST_UNREACHABLE",
    });
  });
});
