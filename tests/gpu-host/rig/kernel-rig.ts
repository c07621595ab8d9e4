// The rules of sysfs on the real kernel of an emulated host: every write by a child on it, as the agent does them, and a
// guest's QEMU as the holder of a device.

import { type Errno, errnoOf } from "../../../provider/model/gpu/refusal/errno";
import type { SysfsRig, WriteEnd } from "../../conformance/sysfs-rules";
import { waitFor } from "../../e2e/world/wait-for";
import { startFirmwareGuest } from "./firmware-guest";
import type { GpuHost } from "./gpu-host";
import { readPciDevices } from "./read-pci-devices";
import { deviceFolder } from "./vfio-by-hand";

const untilMs = 30_000;

// A writer that the kernel keeps waiting stands in vfio_unregister_group_dev; how long it has been there says nothing.
const writeScript = String.raw`
out=$(mktemp)
{ printf '%s\n' "$text" | LC_ALL=C tee "$path" >/dev/null 2>"$out" && echo done >"$out.end" || echo refused >"$out.end"; } </dev/null >/dev/null 2>&1 &
while [ ! -e "$out.end" ]; do
  for task in $(pgrep -x tee || :); do
    if grep -q vfio_unregister_group_dev /proc/$task/stack 2>/dev/null; then echo blocked; exit; fi
  done
  sleep 0.02
done
cat "$out.end" "$out"
`;

/** The rig. The number of VFs is tried on the network card, whose VFs a driver of the host takes. */
export async function openKernelRig(host: GpuHost): Promise<SysfsRig> {
  await host.run("modprobe -a vfio-pci mbochs");
  const devices = await readPciDevices(host);
  const find = (ids: string, classCode: string) => {
    const found = devices.find((device) => device.ids === ids && device.classCode.startsWith(classCode));
    if (found?.driver === undefined) throw new Error(`the host has no ${ids} with a driver`);
    return { ...found, driver: found.driver };
  };
  const [network, display] = [find("8086:10c9", "02"), find("1234:1111", "0380")];
  const answer = (script: string) => host.run(`${script} || :`);
  return {
    cards: {
      sriov: { address: network.address, total: network.totalFunctions ?? 0, driver: network.driver },
      display: { address: display.address, driver: display.driver },
      mdev: { parent: "mbochs", type: "mbochs-small" },
    },
    write: async (path, text) => readEnd(await host.run(`text='${text}' path='${path}'\n${writeScript}`)),
    driverOf: async (address) => {
      const said = await answer(`basename "$(readlink ${deviceFolder(address)}/driver)" 2>/dev/null`);
      return said === "" ? undefined : said;
    },
    vfsOf: async (address) => {
      const links = `$(ls -d ${deviceFolder(address)}/virtfn* 2>/dev/null | sort -V)`;
      const said = await host.run(`for link in ${links}; do basename "$(readlink "$link")"; done`);
      return said === "" ? [] : said.split("\n");
    },
    exists: async (path) => (await answer(`[ -e '${path}' ] && echo yes`)) === "yes",
    holdFunction: async (address) => {
      const guest = await startFirmwareGuest(host, [`vfio-pci,host=${address}`]);
      return () => guest.end();
    },
    until: (isTrue) =>
      waitFor("the kernel to be done", isTrue, untilMs).then(
        () => true,
        () => false,
      ),
  };
}

function readEnd(said: string): WriteEnd {
  const [end = "", words = ""] = said.split("\n", 2);
  if (end === "done" || end === "blocked") return end;
  const errno: Errno | undefined = errnoOf(words);
  if (errno === undefined) throw new Error(`a write ended with: ${said}`);
  return errno;
}
