// QEMU's command line, whole, a golden file a case: a change of what a VM is started with shows as a changed line.
// `GOLDEN=write npx jest qemu-argv` writes them anew.

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { isLeeaError } from "../../../provider/model/errors";
import { composeCpuModel } from "../../../provider/model/qemu-argv/cpu-model";
import { diskSerial } from "../../../provider/model/qemu-argv/disk-arguments";
import { qemuArgv } from "../../../provider/model/qemu-argv/qemu-argv";
import type { QemuLaunch } from "../../../provider/model/qemu-argv/qemu-launch";

const gpuIds = ["a", "b", "c"].map((letter) => letter.repeat(26)) as [string, string, string];
const gpu = { partitionId: gpuIds[0], port: 0 };

const vmId = "fw2weuvvd2efydcrtf3lphgywr";

const plain: QemuLaunch = {
  vmId,
  machine: "pc-q35-10.0",
  cpuModel: composeCpuModel({ cpu: "portable", accelerator: "tcg" }),
  accelerator: "tcg",
  vcpus: 2,
  memoryBytes: 512 * 2 ** 20,
  runFolder: `/run/leea-vm/${vmId}`,
  disks: [{ name: "root", path: `/var/lib/leea/vm/${vmId}/disks/root.raw` }],
  nics: [{ tap: "leeat0a1b2c", mac: "52:54:00:12:34:56" }],
  incoming: false,
};

const kernel = {
  kernelPath: "/var/lib/leea/images/aaaa",
  initrdPath: "/var/lib/leea/images/bbbb",
  cmdline: "console=ttyS0 quiet",
};
const manyDisks = Array.from({ length: 9 }, (_, index) => ({ name: `data-${index}`, path: `/d/${index}.raw` }));
const intel = composeCpuModel({ cpu: "portable", accelerator: "kvm", vendor: "GenuineIntel" });

const cases: Readonly<Record<string, QemuLaunch>> = {
  "disk-boot": plain,
  "kernel-boot": { ...plain, boot: kernel },
  destination: { ...plain, incoming: true },
  "one-port-a-nic": { ...plain, nicPorts: "each" },
  kvm: { ...plain, accelerator: "kvm", cpuModel: intel },
  "kvm-host-cpu": { ...plain, accelerator: "kvm", cpuModel: composeCpuModel({ cpu: "host", accelerator: "kvm" }) },
  "nine-disks-two-nics": {
    ...plain,
    disks: manyDisks,
    nics: [...plain.nics, { tap: "leeat3d4e5f", mac: "52:54:00:12:34:57" }],
  },
  "no-disk-no-nic": { ...plain, disks: [], nics: [], boot: { kernelPath: kernel.kernelPath, cmdline: "" } },
  "two-gpus": {
    ...plain,
    nicPorts: "each",
    gpuPorts: 4,
    gpus: [
      { partitionId: gpuIds[0], port: 0, functions: ["0000:03:00.0", "0000:03:00.1"] },
      { partitionId: gpuIds[1], port: 1, mdevUuid: "0123abcd-0123-8123-8123-0123456789ab" },
      { partitionId: gpuIds[2], port: 3, functions: ["0000:41:00.4"] },
    ],
  },
  "hostile-words": {
    ...plain,
    disks: [{ name: "root", path: `/store,readonly=on/it's "x",driver=nbd.raw` }],
    boot: { kernelPath: "/images/a,b -S", cmdline: `init=/bin/sh,-qmp "stdio" $(id) ; -monitor stdio` },
  },
};

test.each(Object.entries(cases))("%s starts with exactly the golden command line", (name, launch) => {
  const path = join(__dirname, "../../golden/qemu", `${name}.txt`);
  const text = `${qemuArgv(launch).map(escapeLine).join("\n")}\n`;
  if (process.env["GOLDEN"] === "write") writeFileSync(path, text);
  expect(text).toBe(readFileSync(path, "utf8"));
});

/** One argument a line; an empty one stays visible. */
function escapeLine(argument: string): string {
  return argument === "" ? '""' : argument;
}

const refused: readonly (readonly [what: string, field: string, change: Partial<QemuLaunch>])[] = [
  ["a vmId with an option in it", "vmId", { vmId: "aaaaaaaa,process=x" }],
  ["a machine type with a property", "machine", { machine: "pc-q35-10.0,kernel-irqchip=off" }],
  ["an unversioned machine type", "machine", { machine: "q35" }],
  ["a CPU model with a space", "cpuModel", { cpuModel: "max -monitor stdio" }],
  ["a CPU model with a bare word", "cpuModel", { cpuModel: "max,help" }],
  ["a fraction of a processor", "vcpus", { vcpus: 1.5 }],
  ["no processor", "vcpus", { vcpus: 0 }],
  ["memory that is no whole number of pages", "memoryBytes", { memoryBytes: 512 * 2 ** 20 + 1 }],
  [
    "a GPU's address with an option in it",
    "gpus[0]",
    { gpuPorts: 1, gpus: [{ ...gpu, functions: ["0000:03:00.0,x-vga=on"] }] },
  ],
  ["a GPU's address in short", "gpus[0]", { gpuPorts: 1, gpus: [{ ...gpu, functions: ["03:00.0"] }] }],
  ["a GPU of nothing", "gpus[0]", { gpuPorts: 1, gpus: [{ ...gpu, functions: [] }] }],
  ["a mediated device by a path", "gpus[0]", { gpuPorts: 1, gpus: [{ ...gpu, mdevUuid: "../../../etc" }] }],
  [
    "a partition's id with an option in it",
    "gpus[0].partitionId",
    { gpuPorts: 1, gpus: [{ ...gpu, partitionId: "a,b=c", functions: ["0000:03:00.0"] }] },
  ],
  ["a GPU without a port", "gpus[0].port", { gpus: [{ ...gpu, functions: ["0000:03:00.0"] }] }],
  [
    "two GPUs behind one port",
    "gpus[1].port",
    {
      gpuPorts: 2,
      gpus: [
        { ...gpu, functions: ["0000:03:00.0"] },
        { ...gpu, functions: ["0000:04:00.0"] },
      ],
    },
  ],
  ["nine ports for GPUs", "gpuPorts", { gpuPorts: 9 }],
  ["a run folder with an option in it", "runFolder", { runFolder: "/run/x,server=off" }],
  ["a relative run folder", "runFolder", { runFolder: "run" }],
  ["a run folder that is too long for a socket", "runFolder", { runFolder: `/run/${"x".repeat(90)}` }],
  ["a relative disk path", "disks[0].path", { disks: [{ name: "root", path: "nbd:host:1" }] }],
  ["a disk path with a NUL", "disks[0].path", { disks: [{ name: "root", path: "/a\0b" }] }],
  ["a tap with an option in it", "nics[0].tap", { nics: [{ tap: "t,script=/x", mac: "52:54:00:00:00:01" }] }],
  ["a multicast MAC address", "nics[0].mac", { nics: [{ tap: "t", mac: "01:54:00:00:00:01" }] }],
  ["a MAC address with more behind it", "nics[0].mac", { nics: [{ tap: "t", mac: "52:54:00:00:00:01,x=y" }] }],
  ["an initrd list", "boot.initrdPath", { boot: { ...kernel, initrdPath: "/a,/etc/shadow" } }],
  ["a command line with a NUL", "boot.cmdline", { boot: { ...kernel, cmdline: "a\0b" } }],
  [
    "more disks than there is room for",
    "disks",
    { disks: Array.from({ length: 17 }, (_, index) => ({ name: `d${index}`, path: `/d/${index}` })) },
  ],
  [
    "more NICs than there is room for",
    "nics",
    { nics: Array.from({ length: 9 }, () => ({ tap: "t", mac: "52:54:00:00:00:01" })) },
  ],
];

test.each(refused)("%s is refused by its field", (_, field, change) => {
  expect(problemFields({ ...plain, ...change })).toEqual([field]);
});

test("every mistake is named at once", () => {
  const launch = { ...plain, vcpus: 0, machine: "q35", disks: [{ name: "root", path: "x" }] };
  expect(problemFields(launch)).toEqual(["machine", "vcpus", "disks[0].path"]);
});

function problemFields(launch: QemuLaunch): readonly string[] {
  try {
    qemuArgv(launch);
    return [];
  } catch (error) {
    if (!isLeeaError(error, "INPUT_INVALID")) throw error;
    const { problems = [] } = (error.details ?? {}) as { problems?: readonly { field: string }[] };
    return problems.map(({ field }) => field);
  }
}

test("no path or kernel command line, whatever it holds, changes another argument", () => {
  const text = fc.string({ unit: "binary" }).map((word) => word.replaceAll("\0", ""));
  const boot = { kernelPath: "/k", cmdline: "c" };
  const usual = qemuArgv({ ...plain, boot });
  fc.assert(
    fc.property(text, text, text, (path, kernelPath, cmdline) => {
      const disks = [{ name: "root", path: `/${path}` }];
      const argv = qemuArgv({ ...plain, disks, boot: { kernelPath: `/${kernelPath}`, cmdline } });
      const changed = argv.flatMap((argument, index) => (argument === usual[index] ? [] : [usual[index - 1] ?? ""]));
      expect(argv).toHaveLength(usual.length);
      expect(["-blockdev", "-kernel", "-append"]).toEqual(expect.arrayContaining(changed));
      const backend = JSON.parse(argv[argv.indexOf("-blockdev") + 1] ?? "") as { file: { filename: string } };
      expect(backend.file.filename).toBe(`/${path}`);
    }),
  );
});

test("both ends of a move differ in nothing that the guest sees", () => {
  const source = qemuArgv(plain);
  const destination = qemuArgv({ ...plain, incoming: true });
  expect(destination.filter((argument) => !source.includes(argument))).toEqual(["-incoming", "defer"]);
});

test("a disk that is added later leaves every other device where it was", () => {
  const grown = qemuArgv({ ...plain, disks: [...plain.disks, { name: "data", path: "/d/data.raw" }] });
  expect(grown).toEqual(expect.arrayContaining([...qemuArgv(plain)]));
  expect(grown).toHaveLength(qemuArgv(plain).length + 4);
});

test("a disk's serial number fits and stays different for names that begin alike", () => {
  const long = "a-name-of-twenty-six-signs";
  expect(diskSerial("root", 0)).toBe("root");
  expect(diskSerial(long, 3)).toBe("a-name-of-twenty-s-3");
  expect(diskSerial(long, 15)).toHaveLength(20);
  expect(diskSerial(`${long}-b`, 4)).not.toBe(diskSerial(`${long}-c`, 5));
});
