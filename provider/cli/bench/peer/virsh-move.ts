// The peer of a move: the same guest under libvirt, moved by `virsh migrate --live --copy-storage-all`. QEMU's own words
// are heard on a monitor of ours beside libvirt's.

import { mkdirSync, writeFileSync } from "node:fs";
import { type MoveSample, sampleOf, watchMove } from "../moves/move-sample";
import { openMonitor } from "../moves/qmp-monitor";
import {
  addressWord,
  guestCmdline,
  guestShape,
  makeDisk,
  makeTap,
  routeHere,
  sendGuestFiles,
} from "../moves/raw-guest";
import { hostOf, pathIn, type World } from "../rig/world";
import { virsh } from "./libvirt-host";

const domain = "bench";
/** Tap of the guest under libvirt. */
export const virshTap = "virt0";
const usualAddress = "10.79.0.10";
const diskName = "virsh.raw";
const monitorFolder = "/run/leea-bench";
const monitorPath = `${monitorFolder}/virsh.sock`;

/** The guest under libvirt; `host` is where it runs. */
export interface VirshGuest {
  readonly host: string;
  readonly address: string;
}

/** Starts it. libvirtd runs on the host. */
export async function startVirshGuest(world: World, host: string, address = usualAddress): Promise<VirshGuest> {
  await prepareHost(world, host);
  const boot = sendGuestFiles(world, host);
  const disk = makeDisk(world, host, diskName, guestShape.diskMib);
  const file = pathIn(world, host, `${monitorFolder}/domain.xml`);
  writeFileSync(file, domainXml({ ...boot, disk, address }));
  await virsh(world, host, ["create", `${monitorFolder}/domain.xml`]);
  await routeHere(world, host, address, virshTap);
  return { host, address };
}

/** Moves it over the path on which `streamAddress` is the destination's. */
export async function moveVirsh(
  world: World,
  guest: VirshGuest,
  to: { readonly host: string; readonly streamAddress: string },
  onResume: () => Promise<void> = () => routeHere(world, to.host, guest.address, virshTap),
): Promise<{ readonly guest: VirshGuest; readonly sample: MoveSample }> {
  await prepareHost(world, to.host);
  sendGuestFiles(world, to.host);
  makeDisk(world, to.host, diskName, guestShape.diskMib);
  await virsh(world, guest.host, ["migrate-setmaxdowntime", domain, "30"]);
  const source = await openMonitor(pathIn(world, guest.host, monitorPath));
  const watching = watchMove(source, () => openMonitor(pathIn(world, to.host, monitorPath), 60_000), onResume);
  const startedAtMs = performance.now();
  const control = `qemu+tcp://${hostOf(world, to.host).address}/system`;
  const migrating = virsh(world, guest.host, [
    "migrate",
    "--live",
    "--copy-storage-all",
    domain,
    control,
    `tcp://${to.streamAddress}`,
  ]).then(() => performance.now() - startedAtMs);
  const [words, wholeMs] = await Promise.all([watching, migrating]);
  return { guest: { host: to.host, address: guest.address }, sample: sampleOf({ ...words, wholeMs }) };
}

async function prepareHost(world: World, host: string): Promise<void> {
  mkdirSync(pathIn(world, host, monitorFolder), { recursive: true });
  await makeTap(world, host, virshTap);
}

function domainXml(files: {
  readonly kernelPath: string;
  readonly initrdPath: string;
  readonly disk: string;
  readonly address: string;
}): string {
  return `<domain type="qemu" xmlns:qemu="http://libvirt.org/schemas/domain/qemu/1.0">
  <name>${domain}</name>
  <memory unit="MiB">${guestShape.memoryMib}</memory>
  <vcpu>1</vcpu>
  <os>
    <type arch="x86_64" machine="pc-q35-10.0">hvm</type>
    <kernel>${files.kernelPath}</kernel>
    <initrd>${files.initrdPath}</initrd>
    <cmdline>${guestCmdline} ${addressWord(files.address)}</cmdline>
  </os>
  <features>
    <acpi/>
  </features>
  <devices>
    <emulator>/usr/bin/qemu-system-x86_64</emulator>
    <disk type="file" device="disk">
      <driver name="qemu" type="raw" cache="none" io="threads" discard="unmap"/>
      <source file="${files.disk}"/>
      <target dev="vda" bus="virtio"/>
    </disk>
    <interface type="ethernet">
      <mac address="52:54:00:79:00:10"/>
      <target dev="${virshTap}" managed="no"/>
      <model type="virtio"/>
      <rom enabled="no"/>
    </interface>
    <serial type="null"/>
    <memballoon model="none"/>
  </devices>
  <qemu:commandline>
    <qemu:arg value="-qmp"/>
    <qemu:arg value="unix:${monitorPath},server=on,wait=off"/>
  </qemu:commandline>
</domain>
`;
}
