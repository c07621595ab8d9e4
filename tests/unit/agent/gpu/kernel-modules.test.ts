// Modules that a partition needs come into the kernel with it and go with the last one; what somebody else loaded or uses stays.

import { unloadModules } from "../../../../provider/agent/gpu/modules/unload-modules";
import { recoverPartitions } from "../../../../provider/agent/gpu/recover-partitions";
import { modulesLoadedWith } from "../../../../provider/model/gpu/modules/kernel-modules";
import { displayCard, mdevCard, sriovCard } from "../../../fakes/pci/fake-card";
import { gpuLab, put, release } from "./gpu-lab";

const whole = { address: "02:00.0" };
const family = ["irqbypass", "vfio", "vfio_iommu_type1", "vfio_pci", "vfio_pci_core"];
const listed = (names: readonly string[]) => names.map((name) => `module ${name}`);
const record = "/var/lib/leea/gpu-modules.json";

test("they are noted before the first is loaded, and gone with the last partition", async () => {
  const { pci, restart, system } = gpuLab();
  pci.plug(displayCard, sriovCard);
  const host = await restart();
  await put(host, "a", whole);
  await put(host, "b", { address: "01:00.0" });
  expect(pci.modules.list()).toEqual(listed(family));
  const order = system.acts.filter((act) => act.endsWith("modules.json") || act.startsWith("run modprobe"));
  expect(order).toEqual([`sync ${record}`, "run modprobe vfio-pci"]);
  await release(host, "a");
  expect(pci.modules.list()).toEqual(listed(family));
  await release(host, "b");
  expect(pci.modules.list()).toEqual([]);
  expect(system.text(record)).toBeUndefined();
});

test("what was there before stays: alone, or with all that it needs", async () => {
  for (const before of ["irqbypass", "vfio", "vfio_pci"]) {
    const { pci, restart } = gpuLab();
    pci.plug(displayCard);
    pci.modules.load(before);
    const had = pci.modules.list();
    const host = await restart();
    await put(host, "a", whole);
    await release(host, "a");
    expect(pci.modules.list()).toEqual(had);
  }
});

test("a module that is open, or whose driver has a device of somebody else, stays until nobody needs it", async () => {
  const { pci, restart, system, log } = gpuLab();
  pci.plug(displayCard, sriovCard);
  const host = await restart();
  await put(host, "a", whole);
  for (const [file, text] of [
    ["devices/0000:01:00.0/driver_override", "vfio-pci"],
    ["drivers/nvme/unbind", "0000:01:00.0"],
    ["drivers_probe", "0000:01:00.0"],
  ])
    await system.run(["tee", `/sys/bus/pci/${file}`], { input: `${text}\n` });
  const pid = await pci.hold("/dev/vfio/11");
  await release(host, "a");
  expect(pci.modules.list()).toEqual(listed(family));
  expect(log).toContain("info gpu-modules-kept");
  system.end(pid);
  await recoverPartitions(await restart());
  expect(pci.functions.get("0000:01:00.0")?.driver).toBe("vfio-pci");
  expect(pci.modules.list()).toEqual(listed(family));
  await system.run(["tee", "/sys/bus/pci/drivers/vfio-pci/unbind"], { input: "0000:01:00.0\n" });
  await recoverPartitions(await restart());
  expect(pci.modules.list()).toEqual([]);
});

test("a boot makes the note void: what somebody loaded after it is not taken out", async () => {
  const { pci, restart, system } = gpuLab();
  pci.plug(displayCard);
  await put(await restart(), "a", whole);
  pci.reboot();
  pci.modules.load("vfio_pci");
  await release(await restart(), "a");
  expect(pci.modules.list()).toEqual(listed(family));
  expect(system.text(record)).toBeUndefined();
});

test("a release is done also where a module does not go, and a damaged note stops nothing", async () => {
  const { pci, restart, system, log } = gpuLab();
  pci.plug(displayCard);
  const host = await restart();
  await put(host, "a", whole);
  system.put(record, "{");
  expect(await release(host, "a")).toEqual({ result: "released" });
  expect(log).toContain("warn gpu-modules-kept");
});

test("a mediated device brings none, and asks for none to go", async () => {
  const { pci, restart, system } = gpuLab();
  pci.plug(mdevCard);
  const host = await restart();
  await put(host, "a", { vendor: "8086", profile: "small" });
  await release(host, "a");
  await unloadModules(host);
  expect(system.ran.filter((words) => /^(modprobe|rmmod)/.test(words))).toEqual([]);
});

test("what comes along is read from depmod's lists, in the kernel's spelling", () => {
  const dep = [
    "kernel/drivers/vfio/pci/vfio-pci.ko.xz: kernel/drivers/vfio/pci/vfio-pci-core.ko.xz kernel/virt/lib/irqbypass.ko.xz",
    "kernel/drivers/vfio/pci/vfio-pci-core.ko.xz: kernel/drivers/vfio/vfio.ko.xz",
    "kernel/drivers/vfio/vfio.ko.xz:",
  ].join("\n");
  const softdep = "softdep vfio pre: a-b post: vfio_iommu_type1\nsoftdep other post: never\n# softdep vfio post: no";
  expect(modulesLoadedWith("vfio-pci", { dep, softdep }).toSorted()).toEqual([
    "a_b",
    "irqbypass",
    "vfio",
    "vfio_iommu_type1",
    "vfio_pci",
    "vfio_pci_core",
  ]);
  expect(modulesLoadedWith("unknown", { dep: "", softdep: "" })).toEqual(["unknown"]);
});
