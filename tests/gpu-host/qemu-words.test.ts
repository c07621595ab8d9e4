// The second half of the error table: what a real QEMU says where it cannot have a device, put before the rule that names
// the trouble. leea's own agent refuses most of it before; these are what is left when another program was quicker.

import { waitFor } from "../e2e/world/wait-for";
import { startFirmwareGuest } from "./rig/firmware-guest";
import type { GpuHost } from "./rig/gpu-host";
import { snapshotHost, snapshotWithVfio } from "./rig/host-snapshot";
import { readPciDevices } from "./rig/read-pci-devices";
import { refusedStart } from "./rig/refused-guest";
import { shareHost } from "./rig/shared-host";
import { bindVfio, deviceFolder, releaseVfio } from "./rig/vfio-by-hand";

jest.setTimeout(400_000);
let host: GpuHost;
let card: string;
let before: readonly string[];

beforeAll(async () => {
  host = await shareHost("a");
  before = await snapshotWithVfio(host);
  card = (await readPciDevices(host)).find(({ ids }) => ids === "1b36:0010")?.address ?? "";
  await host.run(`cd ${deviceFolder(card)}; echo 0 >sriov_drivers_autoprobe; echo 2 >sriov_numvfs`);
});

afterAll(async () => {
  if (card !== undefined)
    await host.run(`cd ${deviceFolder(card)}; echo 0 >sriov_numvfs; echo 1 >sriov_drivers_autoprobe`);
  const now = await snapshotHost(host);
  await host?.stop();
  expect(now).toEqual(before);
});

const virtualFunction = (index: number) => host.run(`basename $(readlink ${deviceFolder(card)}/virtfn${index})`);
const groupOf = (address: string) => host.run(`basename $(readlink ${deviceFolder(address)}/iommu_group)`);

test("a VF that is on its host's driver", async () => {
  const port = (await readPciDevices(host)).find(({ ids }) => ids === "8086:10c9")?.address ?? "";
  await host.run(`echo 1 >${deviceFolder(port)}/sriov_numvfs`);
  const address = await host.run(`basename $(readlink ${deviceFolder(port)}/virtfn0)`);
  const bound = `basename $(readlink ${deviceFolder(address)}/driver) || :`;
  await waitFor("the VF to be on its driver", async () => (await host.run(bound)) === "igbvf", 60_000);
  const said = await refusedStart(host, `vfio-pci,host=${address}`);
  await host.run(`echo 0 >${deviceFolder(port)}/sriov_numvfs`);
  expect(said).toMatchObject({ trouble: "bind-refused" });
});

test("a second guest on one VF", async () => {
  const address = await virtualFunction(0);
  await bindVfio(host, address);
  const guest = await startFirmwareGuest(host, [`vfio-pci,host=${address}`]);
  const said = await refusedStart(host, `vfio-pci,host=${address}`);
  await guest.end();
  await releaseVfio(host, address);
  expect(said).toMatchObject({ trouble: "held-by-process" });
});

test("a user who may not open the group, and one who may lock too little memory", async () => {
  const address = await virtualFunction(1);
  await bindVfio(host, address);
  const asNobody =
    "prlimit --memlock=8388608:8388608 setpriv --reuid nobody --regid nogroup --clear-groups --inh-caps -all";
  const start = () => refusedStart(host, `vfio-pci,host=${address}`, asNobody);
  const closed = await start();
  await host.run(`chown nobody /dev/vfio/${await groupOf(address)}`);
  const open = await start();
  await releaseVfio(host, address);
  expect([closed, open]).toMatchObject([{ trouble: "kernel-refused" }, { trouble: "memlock-too-low" }]);
});

test("a GPU whose sound is on the host's driver", async () => {
  const devices = await readPciDevices(host);
  const sound = devices.find(({ classCode }) => classCode.startsWith("0403"));
  const { address = "" } = devices.find(({ iommuGroup }) => iommuGroup === sound?.iommuGroup) ?? {};
  await bindVfio(host, address);
  const said = await refusedStart(host, `vfio-pci,host=${address}`);
  await releaseVfio(host, address);
  expect(said).toMatchObject({ trouble: "group-shared" });
});

test("a device that is gone", async () => {
  expect(await refusedStart(host, "vfio-pci,host=0000:7f:00.0")).toMatchObject({ trouble: "device-absent" });
});
