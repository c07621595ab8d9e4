// The peer of creating many VMs: OpenTofu or Terraform with the libvirt provider, the same guests on the same hosts, each
// with a libvirtd that runs already and has a pool for the disks. No Debian QEMU has SPICE, the provider's default: VNC.

import { copyFileSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { sendGuestFiles } from "../moves/raw-guest";
import { startLibvirt, virsh } from "../peer/libvirt-host";
import type { Bench } from "../rig/bench";
import { makeTerraformProgram, type TerraformProgram } from "../rig/terraform-program";
import { hostOf, openWorld, runInHost, type World } from "../rig/world";
import { awaitGuests, createHosts, manyCmdline, manyShape } from "./many-guests";

const pool = "bench";

/** Whether it was set up for this run. */
export function hasTerraform(): boolean {
  return (process.env["LEEA_BENCH_PEERS"] ?? "").split(",").includes("terraform");
}

/** Seconds from the command to the last guest's answer. */
export async function createByTerraform(bench: Bench, count: number): Promise<number> {
  const world = await openWorld(bench, "create", createHosts);
  await Promise.all(createHosts.map((host) => prepareHost(world, host)));
  const guests = Array.from({ length: count }, (_, index) => placeGuest(index));
  const program = writeProgram(bench, world, guests);
  const startedAtMs = performance.now();
  await program.run(["apply", "-auto-approve"]);
  await awaitGuests(guests.map(({ address }) => ({ runIn: runInHost(world, "lan"), address })));
  return (performance.now() - startedAtMs) / 1000;
}

interface PlacedGuest {
  readonly index: number;
  readonly host: string;
  readonly address: string;
}

/** What a user's own tools would have put there: libvirt, a pool, kernel and initial RAM disk. */
async function prepareHost(world: World, host: string): Promise<void> {
  await startLibvirt(world, host);
  sendGuestFiles(world, host);
  await virsh(world, host, ["pool-create-as", pool, "dir", "--target", "/var/lib/leea-bench"]);
}

function placeGuest(index: number): PlacedGuest {
  const host = createHosts[index % createHosts.length] ?? "a";
  return { index, host, address: `192.168.77.${20 + index}` };
}

function writeProgram(bench: Bench, world: World, guests: readonly PlacedGuest[]): TerraformProgram {
  const folder = join(bench.checkout.folder, "bench", "libvirt-provider");
  mkdirSync(folder, { recursive: true });
  bench.onEnd(() => rmSync(folder, { recursive: true, force: true }));
  copyFileSync(process.env["LEEA_BENCH_TERRAFORM_PROVIDER"] ?? "", join(folder, "terraform-provider-libvirt"));
  const uses = createHosts.map(
    (host) =>
      `provider "libvirt" {\n  alias = "${host}"\n  uri = "qemu+tcp://${hostOf(world, host).address}/system"\n}\n`,
  );
  const head = 'terraform {\n  required_providers {\n    libvirt = { source = "dmacvicar/libvirt" }\n  }\n}\n';
  const source = [head, ...uses, ...guests.map(domainOf)].join("\n");
  return makeTerraformProgram(bench, { name: "libvirt", source, providers: { "dmacvicar/libvirt": folder } });
}

function domainOf({ index, host, address }: PlacedGuest): string {
  const mac = `52:54:00:7a:00:${(16 + index).toString(16)}`;
  return `resource "libvirt_volume" "vm${index}" {
  provider = libvirt.${host}
  name     = "vm${index}.raw"
  pool     = "${pool}"
  format   = "raw"
  size     = ${manyShape.diskMib * 2 ** 20}
}
resource "libvirt_domain" "vm${index}" {
  provider = libvirt.${host}
  name     = "vm${index}"
  type     = "qemu"
  machine  = "pc-q35-10.0"
  memory   = ${manyShape.memoryMib}
  vcpu     = 1
  kernel   = "/var/lib/leea-bench/vmlinuz"
  initrd   = "/var/lib/leea-bench/initrd.gz"
  cmdline  = [{ "_" = "${manyCmdline} leea.ip=${address}/24,192.168.77.1" }]
  disk { volume_id = libvirt_volume.vm${index}.id }
  graphics {
    type     = "vnc"
    autoport = true
  }
  network_interface {
    bridge = "br-lan"
    mac    = "${mac}"
  }
}
`;
}
