// What the agent sees of its host: functions and names, signs of use with their evidence, and what is missing.

import { readFunctions } from "../../../../provider/agent/gpu/inventory/read-functions";
import { readHostUse } from "../../../../provider/agent/gpu/inventory/read-host-use";
import { readReadiness } from "../../../../provider/agent/gpu/inventory/read-readiness";
import { findOpenHandles } from "../../../../provider/agent/gpu/sysfs/find-open-handles";
import { describeHostUse } from "../../../../provider/model/gpu/host/host-use";
import { fakeHostAgent } from "../../../fakes/fake-host-agent";
import { cardWithAudio, displayCard, sriovCard, vendorCard } from "../../../fakes/pci/fake-card";
import { FakePciHost } from "../../../fakes/pci/fake-pci-host";

function rig() {
  const { system, ctx } = fakeHostAgent();
  return { system, ctx, pci: new FakePciHost(system) };
}

test("functions are read whole, VFs by their links", async () => {
  const { ctx, pci, system } = rig();
  pci.plug(sriovCard);
  await system.run(["tee", "/sys/bus/pci/devices/0000:01:00.0/sriov_numvfs"], { input: "2\n" });
  pci.setFile("0000:01:00.0", "label", "Slot 4\n");
  pci.setFile("0000:01:00.0", "numa_node", "1\n");
  const [pf, vf] = await readFunctions(ctx);
  expect(pf).toEqual({
    address: "0000:01:00.0",
    vendorId: "1b36",
    deviceId: "0010",
    classCode: "120000",
    driver: "nvme",
    iommuGroup: "11",
    upstreamBridge: "0000:00:01.0",
    totalVfs: 4,
    virtualFunctions: ["0000:01:00.1", "0000:01:00.2"],
    resetMethods: ["flr", "bus"],
    bars: { own: [{ index: 0, sizeBytes: 16 * 2 ** 20, is64Bit: false, isPrefetchable: false }], virtual: [] },
    numaNode: 1,
    isBootDisplay: false,
    label: "Slot 4",
  });
  expect(vf).toMatchObject({ physicalFunction: "0000:01:00.0", iommuGroup: "16", totalVfs: 0 });
});

test.each(["ENODEV", "EIO"])("a file that answers %s hides neither its device nor the others", async (code) => {
  const { ctx, pci, system } = rig();
  pci.plug(displayCard, sriovCard);
  system.beforeRead = (path) => {
    if (path.endsWith("0000:02:00.0/label")) throw Object.assign(new Error(code), { code });
  };
  expect((await readFunctions(ctx)).map(({ address }) => address)).toEqual(["0000:01:00.0", "0000:02:00.0"]);
  system.beforeRead = (path) => {
    if (path.includes("0000:02:00.0/")) throw Object.assign(new Error(code), { code });
  };
  expect((await readFunctions(ctx)).map(({ address }) => address)).toEqual(["0000:01:00.0"]);
});

describe("signs of the host's use", () => {
  const under = "../../devices/pci0000:00/0000:00:02.0/0000:02:00.0";

  async function usesOf(prepare: (at: ReturnType<typeof rig>) => void | Promise<unknown>) {
    const at = rig();
    at.pci.plug(displayCard, ...cardWithAudio, vendorCard);
    await prepare(at);
    const signs = await readHostUse(at.ctx, await readFunctions(at.ctx), (await findOpenHandles(at.ctx)).handles);
    return [...signs.values()].flatMap((each) => describeHostUse(each).map((use) => `${each.address}: ${use}`));
  }

  test("a host that uses none has none; a plugged cable and an interface that is down are none", async () => {
    const uses = await usesOf(({ system }) => {
      system.links.set("/sys/class/drm/card1-DP-1", `${under}/drm/card1/card1-DP-1`);
      system.put("/sys/class/drm/card1-DP-1/enabled", "disabled\n");
      system.put("/sys/class/drm/card1-DP-1/status", "connected\n");
      system.links.set("/sys/class/net/e0", `${under}/net/e0`);
      system.put("/sys/class/net/e0/flags", "0x1002\n");
      system.links.set("/sys/class/block/sdb", `${under}/ata1/block/sdb`);
      system.put("/sys/class/block/sdb/dev", "8:16\n");
    });
    expect(uses).toEqual([]);
  });

  test("the first framebuffer while a framebuffer console is bound, and no other", async () => {
    const prepare = (name: string, bind: string, cmdline: string) =>
      usesOf(({ system }) => {
        system.put("/sys/class/vtconsole/vtcon1/name", `(M) ${name}\n`);
        system.put("/sys/class/vtconsole/vtcon1/bind", `${bind}\n`);
        system.put("/proc/cmdline", cmdline);
        system.links.set("/sys/class/graphics/fb0", `${under}/graphics/fb0`);
        system.links.set("/sys/class/graphics/fb1", "../../devices/pci0000:00/0000:00:03.0/0000:03:00.0/graphics/fb1");
      });
    const first = "0000:02:00.0: the host's text console is on its framebuffer fb0";
    expect(await prepare("frame buffer device", "1", "quiet")).toEqual([first]);
    expect(await prepare("frame buffer device", "0", "quiet")).toEqual([]);
    expect(await prepare("dummy device", "1", "quiet")).toEqual([]);
    expect(await prepare("frame buffer device", "1", "fbcon=map:01")).toHaveLength(2);
  });

  test.each([
    [
      "a mounted partition",
      (at: ReturnType<typeof rig>) => at.system.put("/proc/self/mountinfo", "22 1 8:16 / /srv rw - ext4 /dev/x rw\n"),
      "sdb (mounted on /srv)",
    ],
    [
      "a mount by its name",
      (at: ReturnType<typeof rig>) =>
        at.system.put("/proc/self/mountinfo", "22 1 0:31 / /srv rw - btrfs /dev/sdb rw\n"),
      "sdb (mounted on /srv)",
    ],
    [
      "swap",
      (at: ReturnType<typeof rig>) => at.system.put("/proc/swaps", "Filename Type\n/dev/sdb partition 1 0 -2\n"),
      "sdb (swap)",
    ],
    [
      "a part of a volume",
      (at: ReturnType<typeof rig>) => at.system.put("/sys/class/block/sdb/holders/dm-0/x", ""),
      "sdb (part of dm-0)",
    ],
    [
      "a ZFS pool",
      (at: ReturnType<typeof rig>) => at.system.put("/run/udev/data/b8:16", "E:ID_FS_TYPE=zfs_member\n"),
      "sdb (member of a ZFS pool)",
    ],
  ])("a disk that is %s", async (_, use, words) => {
    const uses = await usesOf((at) => {
      at.system.links.set("/sys/class/block/sdb", `${under}/ata1/block/sdb`);
      at.system.put("/sys/class/block/sdb/dev", "8:16\n");
      use(at);
    });
    expect(uses).toEqual([`0000:02:00.0: the host uses its disk ${words}`]);
  });

  test("open nodes: a card's, its sound's, a VFIO group's, and NVIDIA's by their minor", async () => {
    const uses = await usesOf(async ({ system, pci }) => {
      system.links.set("/sys/class/drm/renderD128", `${under}/drm/renderD128`);
      system.links.set("/sys/class/sound/pcmC0D0p", "../../devices/pci0000:00/0000:00:03.0/0000:03:00.1/sound/card0/x");
      system.put("/proc/driver/nvidia/gpus/0000:41:00.0/information", "Model: x\nDevice Minor: \t 3\n");
      for (const node of [
        "/dev/dri/renderD128",
        "/dev/snd/pcmC0D0p",
        "/dev/nvidia3",
        "/dev/nvidiactl",
        "/dev/vfio/vfio",
      ])
        await pci.hold(node);
    });
    expect(uses.map((use) => use.replace(/\(pid \d+\)/, "(pid)"))).toEqual([
      "0000:02:00.0: holder (pid) has /dev/dri/renderD128 open",
      "0000:03:00.1: holder (pid) has /dev/snd/pcmC0D0p open",
      "0000:41:00.0: holder (pid) has /dev/nvidia3 open",
    ]);
  });
});

describe("what is missing", () => {
  const troubles = async (prepare: (at: ReturnType<typeof rig>) => void) => {
    const at = rig();
    prepare(at);
    return (await readReadiness(at.ctx)).map(({ trouble }) => trouble);
  };
  const limits = "Limit  Soft  Hard\nMax locked memory         8388608              8388608              bytes\n";

  test("nothing on a host that has it all, and whose agent may raise its limits", async () => {
    expect(
      await troubles(({ system }) => {
        system.put("/proc/self/limits", limits);
        system.put("/proc/self/status", "Name: x\nCapEff:\t000001ffffffffff\n");
      }),
    ).toEqual([]);
  });

  test("memory to lock, where the agent may not raise its limits", async () => {
    expect(
      await troubles(({ system }) => {
        system.put("/proc/self/limits", limits);
        system.put("/proc/self/status", "CapEff:\t00000000a80425fb\n");
      }),
    ).toEqual(["memlock-too-low"]);
  });

  test("the module, unless it is loaded, built in, or on the disk", async () => {
    const dep = "/lib/modules/6.12.95/modules.dep";
    expect(await troubles(({ system }) => system.files.delete(dep))).toEqual(["vfio-module-missing"]);
    expect(
      await troubles(({ system }) => {
        system.files.delete(dep);
        system.put("/lib/modules/6.12.95/modules.builtin", "kernel/drivers/vfio/pci/vfio-pci.ko\n");
      }),
    ).toEqual([]);
  });
});
