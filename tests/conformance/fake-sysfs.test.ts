// The fake PCI host obeys the rules that were measured on real kernels.

import { readVirtualFunctions } from "../../provider/agent/gpu/inventory/read-functions";
import { writeSysfs } from "../../provider/agent/gpu/sysfs/write-sysfs";
import { fakeHostAgent } from "../fakes/fake-host-agent";
import { displayCard, mdevCard, sriovCard } from "../fakes/pci/fake-card";
import { FakePciHost } from "../fakes/pci/fake-pci-host";
import { describeSysfsRules, type SysfsRig } from "./sysfs-rules";

async function openFake(): Promise<SysfsRig> {
  const { system, ctx } = fakeHostAgent();
  const pci = new FakePciHost(system).plug(sriovCard, displayCard, mdevCard);
  await system.run(["modprobe", "vfio-pci"]);
  return {
    cards: {
      sriov: { address: sriovCard.address, total: 4, driver: "nvme" },
      display: { address: displayCard.address, driver: "bochs-drm" },
      mdev: { parent: mdevCard.address, type: "mbochs-small" },
    },
    write: async (path, text) => {
      const result = await writeSysfs(ctx, path, text);
      return result.ended === "refused" ? (result.errno ?? "EIO") : result.ended;
    },
    driverOf: async (address) => pci.functions.get(address)?.driver,
    vfsOf: (address) => readVirtualFunctions(ctx, address),
    exists: (path) => system.exists(path),
    holdFunction: async (address) => {
      const pid = await pci.hold(pci.nodeOf(address) ?? "");
      return async () => system.end(pid);
    },
    until: (isTrue) => isTrue(),
  };
}

describeSysfsRules("a fake host", openFake);
