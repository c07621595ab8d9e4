// Values that could lead the host astray, as a client that checks nothing would send them: numbers as in the list of bad
// inputs beside this file. Requests go through the agent's own checks; files are real ones.

import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import type { AgentContext } from "../../../provider/agent/agent-context";
import { hostPaths } from "../../../provider/agent/host-paths";
import { checkBody } from "../../../provider/agent/http/check-body";
import { checkParams } from "../../../provider/agent/http/check-params";
import { ensureDisk, inspectImage } from "../../../provider/agent/images/fill-disk";
import { putImage } from "../../../provider/agent/images/image-store";
import { silentLog } from "../../../provider/agent/log";
import { checkStorage } from "../../../provider/agent/node/storage-folder";
import { linuxSystem } from "../../../provider/agent/system/linux-system";
import { isLeeaError } from "../../../provider/model/errors";
import { macFor } from "../../../provider/model/mac-address";
import { qemuArgv } from "../../../provider/model/qemu-argv/qemu-argv";
import { fakeHostAgent, someRecord, someSpec, someVmId } from "../../fakes/fake-host-agent";

const folder = mkdtempSync(join(tmpdir(), "leea-hostile-"));
const ctx: AgentContext = { system: linuxSystem, paths: hostPaths(folder), log: silentLog };
const hashOf = (bytes: string | Buffer) => createHash("sha256").update(bytes).digest("hex");

beforeAll(() => mkdirSync(join(folder, "images")));
afterAll(() => rmSync(folder, { recursive: true }));

function fieldsOf(verb: Parameters<typeof checkBody>[0], body: unknown): readonly string[] {
  try {
    checkBody(verb, body);
    return [];
  } catch (error) {
    if (!isLeeaError(error, "INPUT_INVALID")) throw error;
    const { problems } = error.details as { problems: readonly { field: string }[] };
    return [...new Set(problems.map(({ field }) => field))].sort();
  }
}

const put = (spec: object) => ({
  operationId: "put-000001",
  owner: "o/p/s",
  logicalName: "web",
  spec: { ...someSpec(), ...spec },
  creating: true,
  allowDataLoss: false,
});
const prepare = (pins: object) => ({
  record: someRecord({ pins: { ...someRecord().pins, ...pins } }),
  psk: "0".repeat(64),
  multifdChannels: 2,
});

test("the bodies that the others differ from are sound", () => {
  expect(fieldsOf("putVm", put({}))).toEqual([]);
  expect(fieldsOf("prepareMove", prepare({}))).toEqual([]);
});

test("#2 no word of the user's but file names and the kernel's command line comes into QEMU's arguments", () => {
  const launch = {
    vmId: someVmId,
    machine: "pc-q35-10.0",
    cpuModel: "qemu64",
    accelerator: "tcg" as const,
    vcpus: 1,
    memoryBytes: 2 ** 26,
    runFolder: "/run/leea-vm/x",
    disks: [],
    nics: [],
    incoming: false,
    boot: { kernelPath: "/k", cmdline: "ds=nocloud,s=http://x/ -smbios type=1" },
  };
  const argv = qemuArgv(launch);
  expect(argv).not.toContain("-smbios");
  expect(argv.filter((word) => word.includes("nocloud"))).toEqual([launch.boot.cmdline]);
  expect(argv[argv.indexOf(launch.boot.cmdline) - 1]).toBe("-append");
  expect(fieldsOf("putVm", put({ name: "a,b" }))).toEqual(["spec.name"]);
});

test("#5 a path in the place of an id, a hash or a disk's name is refused", () => {
  for (const path of ["../../etc/passwd", "/etc/passwd", "..", "a/../b", "%2e%2e"])
    for (const name of ["vmId", "hash", "operationId", "moveId", "peerId"])
      expect(() => checkParams({ [name]: path })).toThrow(expect.objectContaining({ code: "PROTOCOL_INVALID" }));
  for (const name of ["../root", "/dev/sda", ".."])
    expect(fieldsOf("putVm", put({ disks: [{ name, sizeBytes: 2 ** 20 }] }))).toEqual(["spec.disks.0.name"]);
  expect(fieldsOf("putVm", put({ disks: [{ name: "root", sizeBytes: 2 ** 20, image: "/etc/passwd" }] }))).toEqual([
    "spec.disks.0.image",
  ]);
});

describe("#5 #6 a storage path", () => {
  test("that leads elsewhere by a link is refused with where it leads, and nothing is made there", async () => {
    const target = join(folder, "elsewhere");
    mkdirSync(target);
    symlinkSync(target, join(folder, "link"));
    const agent = { ...(await fakeHostAgent().restart()), ctx };
    const wanted = join(folder, "link", "leea");
    await expect(checkStorage(agent, wanted)).rejects.toMatchObject({
      code: "CONFLICT",
      details: { field: "storagePath", real: join(target, "leea") },
    });
    expect(readdirSync(target)).toEqual([]);
    await expect(checkStorage(agent, join(target, "leea"))).resolves.toBeUndefined();
  });
});

describe("#6 a link", () => {
  test("in the image store is no image, also where it leads to one", async () => {
    const [hash, outside] = [hashOf("link"), join(folder, "outside.img")];
    writeFileSync(outside, Buffer.alloc(512));
    symlinkSync(outside, join(folder, "images", hash));
    await expect(inspectImage(ctx, hash)).rejects.toMatchObject({
      code: "IMAGE_INVALID",
      message: expect.stringContaining("is a link"),
    });
  });

  test("or a folder, a pipe or a device there is no image", async () => {
    const hash = hashOf("folder");
    mkdirSync(join(folder, "images", hash));
    await expect(inspectImage(ctx, hash)).rejects.toMatchObject({ code: "IMAGE_INVALID" });
  });

  test("in the place of a disk is neither grown nor given away", async () => {
    const [victim, disk] = [join(folder, "victim"), join(folder, "root.raw")];
    writeFileSync(victim, "precious", { mode: 0o600 });
    symlinkSync(victim, disk);
    await expect(ensureDisk(ctx, disk, { name: "root", sizeBytes: 2 ** 20 }, 900_000)).rejects.toMatchObject({
      code: "IMAGE_INVALID",
      message: expect.stringContaining('disk "root" is a link'),
    });
    const { stdout } = await linuxSystem.run(["stat", "-c", "%s %u", victim]);
    expect(stdout).toBe(`8 ${process.getuid?.()}\n`);
  });
});

test.each([
  ["other bytes", "other"],
  ["fewer bytes", "an imag"],
  ["trailing bytes", "an image\0"],
  ["no bytes", ""],
])("#12 %s than those announced leave nothing in the store", async (_what, bytes) => {
  const hash = hashOf("an image");
  const before = readdirSync(join(folder, "images"));
  await expect(putImage(ctx, hash, Readable.from([Buffer.from(bytes)]))).rejects.toMatchObject({
    code: "IMAGE_INVALID",
  });
  expect(readdirSync(join(folder, "images"))).toEqual(before);
});

test("#18 QEMU arguments are nothing that can be said, under any name", () => {
  for (const field of ["qemuArgs", "extraArgs", "args", "argv", "commandLine", "monitor", "chardev", "sandbox"])
    expect(fieldsOf("putVm", put({ [field]: ["-monitor", "tcp:0.0.0.0:4444"] }))).toEqual([`spec.${field}`]);
  expect(fieldsOf("prepareMove", prepare({ machine: "q35,firmware=/etc/x" }))).toEqual(["record.pins.machine"]);
  expect(fieldsOf("prepareMove", prepare({ cpuModel: "max -monitor stdio" }))).toEqual(["record.pins.cpuModel"]);
});

test.each<[field: string, spec: object]>([
  ["spec.memoryBytes", { memoryBytes: 0 }],
  ["spec.memoryBytes", { memoryBytes: -1 }],
  ["spec.memoryBytes", { memoryBytes: 1e30 }],
  ["spec.memoryBytes", { memoryBytes: null }],
  ["spec.memoryBytes", { memoryBytes: "4 G" }],
  ["spec.vcpus", { vcpus: 3.5 }],
  ["spec.vcpus", { vcpus: 513 }],
  ["spec.disks.0.sizeBytes", { disks: [{ name: "root", sizeBytes: 2 ** 62 }] }],
  ["spec.migration.downtimeLimitMs", { migration: { downtimeLimitMs: -1 } }],
  ["spec.migration.maxBandwidthBytesPerSecond", { migration: { downtimeLimitMs: 30, maxBandwidthBytesPerSecond: 0 } }],
  ["spec.disks", { disks: Array.from({ length: 17 }, (_, index) => ({ name: `d${index}`, sizeBytes: 1 })) }],
  ["spec.nics", { nics: Array.from({ length: 9 }, () => ({ kind: "mesh", ingress: [] })) }],
])("#19 %s out of its bounds is refused: %j", (field, spec) => {
  expect(fieldsOf("putVm", put(spec))).toEqual([field]);
});

describe("#20 a MAC address", () => {
  const own = "52:54:00:12:34:56";

  test.each([
    ["of zeros", ["00:00:00:00:00:00"]],
    ["for many", ["01:00:5e:00:00:01"]],
    ["for all", ["ff:ff:ff:ff:ff:ff"]],
    ["of a maker", ["00:1b:21:00:00:01"]],
    ["with an option", [`${own},romfile=x`]],
    ["in capitals", ["52:54:00:AB:CD:EF"]],
  ])("%s is refused", (_what, macs) => {
    expect(fieldsOf("prepareMove", prepare({ macs }))).toEqual(["record.pins.macs.0"]);
  });

  test("twice in one VM is refused", () => {
    expect(fieldsOf("prepareMove", prepare({ macs: [own] }))).toEqual([]);
    expect(fieldsOf("prepareMove", prepare({ macs: [own, own] }))).toEqual(["record.pins.macs"]);
  });

  test("cannot be declared, and what a VM gets is its own for each of its interfaces", () => {
    expect(fieldsOf("putVm", put({ nics: [{ kind: "bridge", bridge: "br0", mac: own }] }))).toContain(
      "spec.nics.0.mac",
    );
    const drawn = ["a", "b", "c"].flatMap((id) => [0, 1, 2].map((index) => macFor(id.repeat(26), index)));
    expect(new Set(drawn).size).toBe(drawn.length);
    expect(fieldsOf("prepareMove", prepare({ macs: drawn }))).toEqual([]);
  });
});
