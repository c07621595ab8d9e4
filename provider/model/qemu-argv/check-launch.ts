// Refuses values that QEMU's option parser could read as something else. Where QEMU takes JSON any text is safe; the
// values checked here go into `key=value,...` options, in which a comma starts another option.

import { LeeaError, type Problem } from "../errors";
import { parsePciAddress } from "../gpu/pci/pci-address";
import { portCounts } from "./pci-layout";
import { type LaunchGpu, type QemuLaunch, qemuSockets } from "./qemu-launch";

// sun_path of unix(7) holds 108 bytes with its end; macOS has 104.
const maxSocketPathLength = 103;
const uuidShape = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Throws INPUT_INVALID with every problem of the launch in details.problems. */
export function checkLaunch(launch: QemuLaunch): void {
  const problems = [
    ...identityProblems(launch),
    ...sizeProblems(launch),
    ...pathProblems(launch),
    ...nicProblems(launch),
    ...gpuProblems(launch),
  ];
  if (problems.length === 0) return;
  throw new LeeaError({
    code: "INPUT_INVALID",
    message: `QEMU cannot be started with these values: ${problems.map(({ field, message }) => `${field} ${message}`).join("; ")}`,
    hint: "Mend the values named above.",
    details: { problems },
  });
}

function identityProblems(launch: QemuLaunch): readonly Problem[] {
  return [
    ...unless(/^[a-z2-7]{8,64}$/.test(launch.vmId), "vmId", "is not base32"),
    ...unless(
      /^pc-q35-[0-9]+\.[0-9]+(\.[0-9]+)?$/.test(launch.machine),
      "machine",
      "is not a versioned q35 machine type",
    ),
    ...unless(
      /^[a-z0-9][a-z0-9.-]*(,[a-z0-9][a-z0-9.-]*=[A-Za-z0-9]+)*$/.test(launch.cpuModel),
      "cpuModel",
      "is not a CPU model",
    ),
  ];
}

function sizeProblems(launch: QemuLaunch): readonly Problem[] {
  return [
    ...unless(Number.isSafeInteger(launch.vcpus) && launch.vcpus >= 1, "vcpus", "is not a count from 1"),
    ...unless(
      Number.isSafeInteger(launch.memoryBytes) && launch.memoryBytes > 0 && launch.memoryBytes % 4096 === 0,
      "memoryBytes",
      "is not a multiple of 4096",
    ),
    ...unless(launch.disks.length <= portCounts.disk, "disks", `are more than ${portCounts.disk}`),
    ...unless(launch.nics.length <= portCounts.nic, "nics", `are more than ${portCounts.nic}`),
  ];
}

function pathProblems(launch: QemuLaunch): readonly Problem[] {
  const files = [
    ...launch.disks.map(({ path }, index) => ({ field: `disks[${index}].path`, path })),
    ...(launch.boot === undefined ? [] : [{ field: "boot.kernelPath", path: launch.boot.kernelPath }]),
    ...(launch.boot?.initrdPath === undefined ? [] : [{ field: "boot.initrdPath", path: launch.boot.initrdPath }]),
  ];
  return [
    ...unless(
      /^\/[A-Za-z0-9/._-]+$/.test(launch.runFolder),
      "runFolder",
      "is not an absolute path of letters, digits and /._-",
    ),
    ...unless(
      qemuSockets(launch.runFolder).console.length <= maxSocketPathLength,
      "runFolder",
      "is too long for a socket's path",
    ),
    ...files.flatMap(({ field, path }) => unless(/^\/[^\0]*$/.test(path), field, "is not an absolute path")),
    // QEMU splits -initrd at commas into multiboot modules and strips what follows a space.
    ...unless(!/[,\s]/.test(launch.boot?.initrdPath ?? ""), "boot.initrdPath", "holds a comma or a space"),
    ...unless(!(launch.boot?.cmdline ?? "").includes("\0"), "boot.cmdline", "holds a NUL"),
  ];
}

function nicProblems(launch: QemuLaunch): readonly Problem[] {
  return launch.nics.flatMap(({ tap, mac }, index) => [
    ...unless(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,14}$/.test(tap), `nics[${index}].tap`, "is not an interface name"),
    ...unless(
      /^[0-9a-f][02468ace](:[0-9a-f]{2}){5}$/.test(mac),
      `nics[${index}].mac`,
      "is not a lower-case unicast MAC address",
    ),
  ]);
}

/** They stand in JSON; what they name is still only ever a device behind a port of its own. */
function gpuProblems({ gpus = [], gpuPorts = 0 }: QemuLaunch): readonly Problem[] {
  return [
    ...unless(
      Number.isSafeInteger(gpuPorts) && gpuPorts >= 0 && gpuPorts <= portCounts.gpu,
      "gpuPorts",
      `are more than ${portCounts.gpu}`,
    ),
    ...gpus.flatMap((gpu, index) => {
      const field = `gpus[${index}]`;
      const isAlone = gpus.findIndex((other) => other.port === gpu.port) === index;
      return [
        ...unless(/^[a-z2-7]{26}$/.test(gpu.partitionId), `${field}.partitionId`, "is not a partition's id"),
        ...unless(gpu.port >= 0 && gpu.port < gpuPorts && isAlone, `${field}.port`, "is no port of its own"),
        ...deviceProblems(gpu, field),
      ];
    }),
  ];
}

function deviceProblems(gpu: LaunchGpu, field: string): readonly Problem[] {
  if ("mdevUuid" in gpu) return unless(uuidShape.test(gpu.mdevUuid), field, "is not a uuid");
  const { functions } = gpu;
  return [
    ...unless(functions.length >= 1 && functions.length <= 8, field, "has not 1 to 8 functions"),
    ...unless(functions.every(isAddress), field, "is not a list of PCI addresses"),
  ];
}

function isAddress(text: string): boolean {
  return parsePciAddress(text)?.text === text;
}

function unless(fine: boolean, field: string, message: string): readonly Problem[] {
  return fine ? [] : [{ field, message }];
}
