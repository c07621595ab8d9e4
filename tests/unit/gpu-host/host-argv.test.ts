// The command line of an emulated host: what a wish makes of it, and that no path is read as an option.

import { type HostWish, hostArgv } from "../../gpu-host/rig/host-argv";
import { allDevices } from "../../gpu-host/rig/host-devices";

const files = { kernel: "/cache/vmlinuz", initrd: "/cache/initrd.gz" };
const wish: HostWish = { name: "h", iommu: "intel", interruptRemapping: true, devices: allDevices };

type Device = Readonly<Record<string, string | number | boolean | undefined>>;

function devicesOf(argv: readonly string[]): Device[] {
  return argv.flatMap((word, index) => (argv[index - 1] === "-device" ? [JSON.parse(word) as Device] : []));
}

const kernelLine = (argv: readonly string[]) => argv[argv.indexOf("-append") + 1];

describe("an emulated host's command line", () => {
  test("has the IOMMU before every device that it translates for", () => {
    expect(devicesOf(hostArgv(wish, files, 2200))[0]).toEqual({ driver: "intel-iommu", intremap: "on" });
    const amd = hostArgv({ ...wish, iommu: "amd", interruptRemapping: false }, files, 2200);
    expect(devicesOf(amd)[0]).toEqual({ driver: "amd-iommu", intremap: "off" });
    expect(kernelLine(amd)).toMatch(/ amd_iommu=on /);
  });

  test("has no IOMMU, and no word of one, where none is wished for", () => {
    const argv = hostArgv({ ...wish, iommu: "none" }, files, 2200);
    expect(argv.join(" ")).not.toMatch(/iommu/);
  });

  test("takes the kernel words of the wish in place of its own", () => {
    expect(kernelLine(hostArgv({ ...wish, kernelWords: ["intel_iommu=off"] }, files, 2200))).toMatch(
      / intel_iommu=off$/,
    );
  });

  test("puts no two devices at one place, and each kind of device behind a port of its own", () => {
    const link = { address: "10.77.0.1/24", end: 1, ownSocket: "/l/a", peerSocket: "/l/b" };
    const devices = devicesOf(hostArgv({ ...wish, link }, files, 2200));
    const places = devices.filter(({ addr }) => addr !== undefined).map(({ bus, addr }) => `${bus} ${addr}`);
    expect(new Set(places).size).toBe(places.length);
    const ports = devices.filter(({ driver }) => driver === "pcie-root-port");
    expect(ports).toHaveLength(allDevices.length - 1);
    expect(new Set(ports.map(({ chassis }) => chassis)).size).toBe(ports.length);
  });

  test("reads no part of a path as an option", () => {
    const odd = "/l/a,server=on";
    const link = { address: "10.77.0.1/24", end: 1, ownSocket: odd, peerSocket: "/l/b" };
    const argv = hostArgv({ ...wish, link }, { ...files, kernel: "/a,b/vmlinuz" }, 2200);
    const netdevs = argv
      .filter((_word, index) => argv[index - 1] === "-netdev")
      .map((word) => JSON.parse(word) as object);
    expect(netdevs).toContainEqual(expect.objectContaining({ local: { type: "unix", path: odd } }));
    expect(argv[argv.indexOf("-kernel") + 1]).toBe("/a,b/vmlinuz");
  });
});
