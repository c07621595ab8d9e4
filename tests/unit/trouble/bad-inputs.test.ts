// What a program may declare by mistake or in bad faith: each mistake is told with its field and what to write instead,
// all of them at once, before any host is asked.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { HandlerContext, Values } from "../../../provider/controller/handlers/handler-context";
import { meshNodeHandler } from "../../../provider/controller/handlers/mesh-node";
import { vmHandler } from "../../../provider/controller/handlers/vm";
import type { Problem } from "../../../provider/model/errors";

const programFolder = mkdtempSync(join(tmpdir(), "leea-bad-inputs-"));
const kernel = "bzImage";
const connection = { host: "10.0.0.11" };

/** No host may be asked: opening one fails the test. */
const context: HandlerContext = {
  hosts: {
    open: () => Promise.reject(new Error("a host was asked")),
    removeAgent: () => Promise.reject(new Error("a host was asked")),
    bundledAgentHash: () => "0".repeat(64),
  },
  report: { note: () => undefined, progress: () => undefined },
  programFolder,
};

beforeAll(() => writeFileSync(join(programFolder, kernel), "kernel"));
afterAll(() => rmSync(programFolder, { recursive: true }));

const sound = {
  owner: "acme/shop/prod",
  logicalName: "web",
  node: "a-abcdefgh",
  nodeConnection: connection,
  vcpus: 1,
  memory: "128MiB",
  boot: { kernel },
};

async function findVmProblems(fields: Values): Promise<readonly Problem[]> {
  return (await vmHandler.check({ ...sound, ...fields }, undefined, context)).problems;
}

async function findNodeProblems(fields: Values): Promise<readonly Problem[]> {
  const declared = { owner: "acme/shop/prod", name: "a", connection, mesh: { name: "prod" }, ...fields };
  return (await meshNodeHandler.check(declared, undefined, context)).problems;
}

test("the declaration that the others differ from is sound", async () => {
  expect(await findVmProblems({})).toEqual([]);
  expect(await findNodeProblems({})).toEqual([]);
});

describe.each<[vcpus: unknown, words: RegExp]>([
  [0, /too little; at least 1/],
  [-1, /too little; at least 1/],
  [3.5, /whole number/],
  [513, /too much; at most 512/],
  ["4", /whole number/],
  [Number.NaN, /whole number/],
])("#19 vcpus of %p", (vcpus, words) => {
  test("are refused with what is possible", async () => {
    expect(await findVmProblems({ vcpus })).toEqual([{ field: "vcpus", message: expect.stringMatching(words) }]);
  });
});

describe.each<[memory: unknown, words: RegExp]>([
  ["4 G", /write for example "4GiB"/],
  ["4 GiB", /has a space in it; write "4GiB"/],
  ["1e30GiB", /write a number and a unit, such as "4GiB"/],
  ["99999999999999GiB", /larger than anything|too much; at most 16TiB/],
  [4096, /"4096" has no unit .*write for example "4GiB"/],
  ["4096", /has no unit .*write for example "4GiB"/],
  ["0MiB", /too little; at least 32MiB/],
  ["-1GiB", /such as "4GiB"/],
  ["NaNGiB", /such as "4GiB"/],
  ["33555KiB", /whole number of MiB/],
  ["17TiB", /too much; at most 16TiB/],
])("#19 memory of %p", (memory, words) => {
  test("is refused with what to write", async () => {
    expect(await findVmProblems({ memory })).toEqual([{ field: "memory", message: expect.stringMatching(words) }]);
  });
});

const badNames = [
  "a,b",
  "a,file=/etc/passwd",
  "..",
  "a/b",
  "-drive",
  "web-",
  "Web",
  "web.",
  "web\u0000",
  "web\n",
  "\u202eweb",
  "",
  "a".repeat(300),
];

describe.each(badNames.map((name) => [encodeURIComponent(name).slice(0, 30), name]))(
  "#2 #3 the name %s",
  (_shown, name) => {
    test("is refused for a VM, a disk and a host", async () => {
      const inVm = await findVmProblems({ name, disks: [{ name, size: "1MiB" }] });
      expect(new Set(inVm.map(({ field }) => field))).toEqual(new Set(["name", "disks[0].name"]));
      expect(inVm.map(({ message }) => message).join()).toMatch(/1 to 63 of a-z, 0-9 and '-'|at most 63/);
      expect((await findNodeProblems({ name })).every(({ field }) => field === "name")).toBe(true);
      expect(await findNodeProblems({ name })).not.toEqual([]);
    });
  },
);

describe("an unknown field", () => {
  test("is named wherever it stands, with the one that was probably meant", async () => {
    const problems = await findVmProblems({
      vcpu: 2,
      disks: [{ name: "root", size: "1MiB", imgae: "x" }],
      nics: [{ mesh: { adress: "10.92.0.5" } }],
    });
    expect(problems).toEqual([
      { field: "vcpu", message: expect.stringContaining('did you mean "vcpus"?') },
      { field: "disks[0].imgae", message: expect.stringContaining('did you mean "image"?') },
      { field: "nics[0].mesh.adress", message: expect.stringContaining('did you mean "address"?') },
    ]);
  });

  test("of a host is named too, and a password is no field of a connection", async () => {
    const problems = await findNodeProblems({
      mesh: { name: "prod", mut: 1400 },
      connection: { ...connection, password: "x" },
    });
    expect(problems.map(({ field }) => field).sort()).toEqual(["connection.password", "mesh.mut"]);
    expect(JSON.stringify(problems)).toContain("known are: host");
  });
});

describe("a file that a VM names", () => {
  test("and that is not there is told with the whole path, for every field at once", async () => {
    const problems = await findVmProblems({
      boot: { kernel: "no-kernel", initrd: "no-initrd" },
      disks: [{ name: "root", size: "1MiB", image: "no-image.qcow2" }],
    });
    expect(problems).toEqual([
      { field: "boot.kernel", message: expect.stringContaining(join(programFolder, "no-kernel")) },
      { field: "boot.initrd", message: expect.stringContaining(join(programFolder, "no-initrd")) },
      { field: "disks[0].image", message: expect.stringContaining(join(programFolder, "no-image.qcow2")) },
    ]);
  });

  test("#1 with options behind a comma in its name is one literal name", async () => {
    const image = "disk.img,file=/etc/passwd";
    const named = { disks: [{ name: "root", size: "1MiB", image }] };
    expect(await findVmProblems(named)).toEqual([
      { field: "disks[0].image", message: `there is no file ${join(programFolder, image)}` },
    ]);
  });

  test("is a file, no folder and no list of files", async () => {
    const named = { boot: { kernel: "." }, disks: [{ name: "root", size: "1MiB", image: "a\nb" }] };
    expect((await findVmProblems(named)).map(({ field }) => field).sort()).toEqual(
      expect.arrayContaining(["boot.kernel", "disks[0].image"]),
    );
  });
});

test("an address that no VM can have is refused with the reason", async () => {
  const reasons: Record<string, RegExp> = {
    "10.92.0.300": /no IPv4/,
    "127.0.0.1": /loopback/,
    "169.254.1.1": /link-local/,
    "224.0.0.5": /multicast/,
    "0.0.0.0": /this network/,
  };
  for (const [address, reason] of Object.entries(reasons)) {
    expect(await findVmProblems({ nics: [{ mesh: { address } }] })).toEqual([
      { field: "nics[0].mesh.address", message: expect.stringMatching(reason) },
    ]);
  }
});

test.each(["/", "relative", "/srv/../etc", "/srv/.hidden", "/srv/a b", "/srv/x,y", "/srv/\n"])(
  "#5 the storage path %j is refused",
  async (storagePath) => {
    expect(await findNodeProblems({ storagePath })).toEqual([
      { field: "storagePath", message: expect.stringContaining("an absolute path") },
    ]);
  },
);

test("all mistakes come in one answer", async () => {
  const problems = await findVmProblems({
    name: "..",
    vcpus: 0,
    memory: "4 G",
    sises: 1,
    disks: [
      { name: "root", size: "1" },
      { name: "root", size: "1MiB" },
    ],
    nics: [{ mesh: {}, bridge: "br0" }, { mesh: { address: "127.0.0.1" } }],
  });
  expect(problems.map(({ field }) => field).sort()).toEqual(
    expect.arrayContaining([
      "disks",
      "disks[0].size",
      "memory",
      "name",
      "nics",
      "nics[0]",
      "nics[1].mesh.address",
      "sises",
      "vcpus",
    ]),
  );
});
