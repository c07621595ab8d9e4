// The emulated GPU host from outside: that it is what a host with a GPU is to a kernel, so that what leea does there is
// done by the kernel's own IOMMU, SR-IOV, mdev, VFIO and WireGuard code.

import { startFirmwareGuest } from "./rig/firmware-guest";
import type { GpuHost } from "./rig/gpu-host";
import { nvmeFunctions } from "./rig/host-devices";
import { snapshotHost, snapshotWithVfio } from "./rig/host-snapshot";
import { readPciDevices, type SysfsDevice } from "./rig/read-pci-devices";
import { shareHost } from "./rig/shared-host";
import { loadVendorDriver, unloadVendorDriver } from "./rig/vendor-driver";
import { bindVfio, deviceFolder, releaseVfio } from "./rig/vfio-by-hand";

jest.setTimeout(400_000);
let host: GpuHost;

beforeAll(async () => {
  host = await shareHost("a");
});

afterAll(async () => {
  await host?.stop();
});

const nvmeIds = "1b36:0010";

async function findDevice(ids: string): Promise<SysfsDevice> {
  const found = (await readPciDevices(host)).find((device) => device.ids === ids);
  if (found === undefined) throw new Error(`the host has no device ${ids}`);
  return found;
}

/** What the host says when a text is written to a file of sysfs: "" or the error's own words. */
async function write(text: string, path: string): Promise<string> {
  const told = await host.run(`{ printf %s '${text}' >'${path}'; } 2>&1 || :`);
  return told.replace(/^.*write error: /s, "");
}

describe("the host", () => {
  test("runs systemd over cgroup v2, with nothing failed", async () => {
    expect(await host.run("cat /proc/1/comm; stat -fc %T /sys/fs/cgroup; hostname")).toBe("systemd\ncgroup2fs\na");
    expect(await host.run("systemctl --failed --no-legend --plain")).toBe("");
    expect(await host.run("ls /etc/systemd/system/*.wants")).not.toMatch(/bird|timer/);
  });

  test("has what the agent and its VMs run on", async () => {
    const versions = await host.run("node --version; qemu-system-x86_64 --version | head -1; ls /dev/net/tun");
    expect(versions).toMatch(/^v2\d\.\d+\.\d+\nQEMU emulator version (9|1\d)\.[^\n]*\n\/dev\/net\/tun$/);
    await host.run("for program in bird wg dnsmasq nft ip setpriv qemu-img nvme lspci; do command -v $program; done");
    expect(await host.run("test -s /usr/share/misc/pci.ids && lspci -d 1b36:0010")).toMatch(/Red Hat/);
  });
});

describe("its IOMMU", () => {
  test("has a group for every device that sits behind a port of its own", async () => {
    const devices = await readPciDevices(host);
    expect(await host.run("ls /sys/class/iommu")).toMatch(/^dmar\d/);
    expect(devices.filter(({ iommuGroup }) => iommuGroup === undefined)).toEqual([]);
    const alone = devices.filter(({ ids }) => [nvmeIds, "1af4:1050", "1002:5046", "8086:10c9"].includes(ids));
    expect(alone).toHaveLength(4);
    for (const { iommuGroup } of alone)
      expect(devices.filter((device) => device.iommuGroup === iommuGroup)).toHaveLength(1);
  });

  test("has one group for a GPU and its audio function", async () => {
    const devices = await readPciDevices(host);
    const audio = devices.find(({ classCode }) => classCode.startsWith("0403"));
    const group = devices.filter(({ iommuGroup }) => iommuGroup === audio?.iommuGroup);
    expect(group.map(({ ids, classCode }) => [ids, classCode.slice(0, 4)])).toEqual([
      ["1234:1111", "0300"],
      [audio?.ids, "0403"],
    ]);
  });

  test("remaps interrupts", async () => {
    expect(await host.run("dmesg")).toMatch(/Enabled IRQ remapping/);
  });
});

describe("its display cards", () => {
  test("are six, of which the kernel names one as the boot display", async () => {
    const cards = (await readPciDevices(host)).filter(({ classCode }) => classCode.startsWith("03"));
    expect(cards.map(({ ids }) => ids).sort()).toEqual([
      "1002:5046",
      "1234:1111",
      "1234:1111",
      "1234:1111",
      "1234:1111",
      "1af4:1050",
    ]);
    expect(cards.filter(({ isBootDisplay }) => isBootDisplay).map(({ ids }) => ids)).toEqual(["1234:1111"]);
  });
});

describe("a whole GPU", () => {
  test("goes to a guest with every function of its group, and comes back to its drivers", async () => {
    const before = await snapshotWithVfio(host);
    const devices = await readPciDevices(host);
    const audio = devices.find(({ classCode }) => classCode.startsWith("0403"));
    const group = devices.filter(({ iommuGroup }) => iommuGroup === audio?.iommuGroup);
    const [gpu = "", sound = ""] = group.map(({ address }) => address);
    const port = ["pcie-root-port,id=slot1,slot=1", `vfio-pci,host=${gpu},bus=slot1,addr=0.0,multifunction=on`];
    await bindVfio(host, gpu);
    await expect(startFirmwareGuest(host, port)).rejects.toThrow(/not viable/);
    await bindVfio(host, sound);
    const guest = await startFirmwareGuest(host, [...port, `vfio-pci,host=${sound},bus=slot1,addr=0.1`]);
    expect(guest.seen).toEqual(expect.arrayContaining(group.map(({ ids }) => ids)));
    await guest.end();
    for (const address of [gpu, sound]) await releaseVfio(host, address);
    expect(await snapshotHost(host)).toEqual(before);
  });
});

describe("its SR-IOV device", () => {
  test("offers functions, of which none is enabled", async () => {
    const device = await findDevice(nvmeIds);
    expect(device).toMatchObject({ totalFunctions: nvmeFunctions, driver: "nvme" });
    const folder = deviceFolder(device.address);
    expect(await host.run(`cat ${folder}/sriov_numvfs ${folder}/sriov_drivers_autoprobe`)).toBe("0\n1");
    expect((await findDevice("8086:10c9")).totalFunctions).toBe(7);
  });

  test("makes each enabled function a device in a group of its own, which VFIO takes", async () => {
    const before = await snapshotWithVfio(host);
    const { address } = await findDevice(nvmeIds);
    const folder = deviceFolder(address);
    expect(await write("5", `${folder}/sriov_numvfs`)).toMatch(/Numerical result out of range/);
    await host.run(`echo 0 >${folder}/sriov_drivers_autoprobe; echo 2 >${folder}/sriov_numvfs`);
    expect(await write("4", `${folder}/sriov_numvfs`)).toMatch(/Device or resource busy/);
    const functions = (await readPciDevices(host)).filter(({ physicalFunction }) => physicalFunction === address);
    expect(new Set(functions.map(({ iommuGroup }) => iommuGroup)).size).toBe(2);
    const first = functions[0]?.address ?? "";
    await bindVfio(host, first);
    expect(await host.run(`basename $(readlink ${deviceFolder(first)}/driver); ls /dev/vfio`)).toBe(
      `vfio-pci\n${functions[0]?.iommuGroup}\nvfio`,
    );
    const guest = await startFirmwareGuest(host, [`vfio-pci,host=${first}`]);
    expect(guest.seen).toContain(nvmeIds);
    await expect(startFirmwareGuest(host, [`vfio-pci,host=${first}`])).rejects.toThrow(/Device or resource busy/);
    await guest.end();
    await host.run(`echo 0 >${folder}/sriov_numvfs; echo 1 >${folder}/sriov_drivers_autoprobe`);
    expect(await snapshotHost(host)).toEqual(before);
  });
});

describe("mediated devices", () => {
  const types = "/sys/class/mdev_bus/mbochs/mdev_supported_types";
  const uuid = "5a1d2b7c-0000-4000-8000-000000000001";
  const available = () =>
    host.run(`cd ${types}; for type in *; do echo "$type $(cat $type/available_instances)"; done`);

  test("share their parent's memory, and free it when they go", async () => {
    await host.run("modprobe mbochs");
    const free = "mbochs-large 4\nmbochs-medium 16\nmbochs-small 64";
    expect(await available()).toBe(free);
    expect(await host.run(`cat ${types}/mbochs-large/device_api`)).toBe("vfio-pci");
    await host.run(`echo ${uuid} >${types}/mbochs-large/create`);
    expect(await available()).toBe("mbochs-large 3\nmbochs-medium 12\nmbochs-small 48");
    expect(await write(uuid, `${types}/mbochs-small/create`)).toMatch(/File exists/);
    expect(await host.run(`basename $(readlink /sys/bus/mdev/devices/${uuid}/mdev_type)`)).toBe("mbochs-large");
    const guest = await startFirmwareGuest(host, [`vfio-pci,sysfsdev=/sys/bus/mdev/devices/${uuid},display=off`]);
    expect(guest.seen).toContain("1234:1111");
    await guest.end();
    await host.run(`echo 1 >/sys/bus/mdev/devices/${uuid}/remove`);
    expect(await available()).toBe(free);
    await host.run("modprobe -r mbochs");
  });
});

describe("a vendor's driver that serves functions itself", () => {
  const creatable = (path: string) => host.run(`cat ${path}/nvidia/creatable_vgpu_types`);
  const header = "ID    : vGPU Name";
  let card: string;
  let before: readonly string[];

  beforeAll(async () => {
    before = await snapshotWithVfio(host);
    card = (await findDevice(nvmeIds)).address;
    await loadVendorDriver(host);
    await host.run(`echo 3 >${deviceFolder(card)}/sriov_numvfs`);
  });

  afterAll(async () => {
    await host.run(`echo 0 >${deviceFolder(card)}/sriov_numvfs`);
    await unloadVendorDriver(host, card);
    expect(await snapshotHost(host)).toEqual(before);
  });

  test("shows the card and its functions as the vendor's, on the vendor's driver", async () => {
    const shown = (await readPciDevices(host)).filter(({ ids }) => ids === "10de:2335");
    expect(shown).toHaveLength(4);
    expect(new Set(shown.map(({ driver, classCode }) => `${driver} ${classCode}`))).toEqual(new Set(["nvidia 030200"]));
    expect(await host.run(`lspci -s ${card}`)).toMatch(/3D controller: NVIDIA Corporation GH100/);
  });

  test("hands a function to a guest once it has a type, and keeps the type while it is in use", async () => {
    const path = `${deviceFolder(card)}/virtfn0`;
    const type = `${path}/nvidia/current_vgpu_type`;
    const device = `vfio-pci,host=${await host.run(`basename $(readlink ${path})`)}`;
    await expect(startFirmwareGuest(host, [device])).rejects.toThrow(/No such device/);
    expect(await write("1148", type)).toBe("");
    const guest = await startFirmwareGuest(host, [device]);
    expect(guest.seen).toContain("10de:2335");
    expect(await write("0", type)).toMatch(/Operation not permitted/);
    await guest.end();
    expect(await write("0", type)).toBe("");
  });

  test("lets functions of one size share the card's memory", async () => {
    const functions = [0, 1, 2].map((index) => `${deviceFolder(card)}/virtfn${index}`) as [string, string, string];
    const [one, two, three] = functions;
    const become = (path: string, id: string) => write(id, `${path}/nvidia/current_vgpu_type`);
    const all = `${header}\n1147  : FAKE H200X-1Q\n1148  : FAKE H200X-2Q\n1149  : FAKE H200X-4Q`;
    expect(await creatable(one)).toBe(all);
    expect(await become(one, "99")).toMatch(/Invalid argument/);
    expect(await become(one, "1148")).toBe("");
    expect(await host.run(`cat ${one}/nvidia/current_vgpu_type`)).toBe("1148");
    expect(await creatable(one)).toBe(header);
    expect(await become(one, "1147")).toMatch(/File exists/);
    expect(await creatable(two)).toBe(`${header}\n1148  : FAKE H200X-2Q`);
    expect(await become(two, "1147")).toMatch(/No space left/);
    expect(await become(two, "1148")).toBe("");
    expect(await become(three, "1148")).toMatch(/No space left/);
    for (const path of [one, two]) expect(await become(path, "0")).toBe("");
    expect(await creatable(three)).toBe(all);
  });
});

describe("the kernel's WireGuard", () => {
  test("carries packets between two namespaces, with no process of its own", async () => {
    const script = String.raw`
      ip netns add far
      for end in near far; do wg genkey >/run/$end.key; wg pubkey </run/$end.key >/run/$end.pub; done
      ip link add wgnear type wireguard
      ip link add wgfar type wireguard
      ip link set wgfar netns far
      wg set wgnear private-key /run/near.key listen-port 7001 peer $(cat /run/far.pub) allowed-ips 10.99.0.2/32 endpoint 127.0.0.1:7002
      ip netns exec far wg set wgfar private-key /run/far.key listen-port 7002 peer $(cat /run/near.pub) allowed-ips 10.99.0.1/32
      ip address add 10.99.0.1/24 dev wgnear
      ip link set wgnear up
      ip -n far address add 10.99.0.2/24 dev wgfar
      ip -n far link set wgfar up
      ping -c 1 -W 20 10.99.0.2 >/dev/null
      wg show wgnear latest-handshakes | cut -f 2
      ip link del wgnear
      ip netns del far
    `;
    expect(Number(await host.run(script))).toBeGreaterThan(0);
    expect(await host.run("lsmod | grep -c ^wireguard; pgrep -c wireguard-go || :")).toBe("1\n0");
  });
});
