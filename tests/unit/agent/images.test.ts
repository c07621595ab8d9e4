// Images and disks: bytes appear under their hash only when they have it, and a disk is made by exactly these programs,
// the dangerous ones without rights.

import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { ensureDisk, inspectImage } from "../../../provider/agent/images/fill-disk";
import { hasImage, putImage } from "../../../provider/agent/images/image-store";
import { type FakeHostAgent, fakeHostAgent } from "../../fakes/fake-host-agent";

const jail = (fileSizeBytes = 0) =>
  `prlimit --as=1073741824 --cpu=600 --fsize=${fileSizeBytes} --core=0 -- setpriv --reuid 65534 --regid 65534 --clear-groups --no-new-privs --bounding-set=-all --`;
const hashOf = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");
const disk = { name: "root", sizeBytes: 2 ** 20 };
let storage: string;
let host: FakeHostAgent;
let info: Readonly<Record<string, unknown>>;
let checkExitCode: number;

beforeEach(() => {
  storage = mkdtempSync(join(tmpdir(), "leea-images-"));
  mkdirSync(join(storage, "images"));
  host = fakeHostAgent(storage);
  info = { format: "raw", "virtual-size": 512 };
  checkExitCode = 0;
  host.system.programs.set("prlimit", (argv) => {
    if (argv.includes("info")) return { stdout: JSON.stringify(info) };
    return argv.includes("check") ? { exitCode: checkExitCode } : {};
  });
});
afterEach(() => {
  expect(host.system.refused).toEqual([]);
  rmSync(storage, { recursive: true });
});

/** Puts an image into the store, as an upload would have. */
function store(bytes: Buffer): string {
  const hash = hashOf(bytes);
  writeFileSync(join(storage, "images", hash), bytes);
  host.system.put(join(storage, "images", hash), "image");
  return hash;
}

/** The head of a qcow2 of version 3 (QEMU docs/interop/qcow2): no backing file, no external data file. */
function qcow2Head(change: (head: Buffer) => void = () => undefined): Buffer {
  const head = Buffer.alloc(4096);
  head.write("QFI\u00fb", 0, "latin1");
  head.writeUInt32BE(3, 4);
  head.writeUInt32BE(16, 20);
  head.writeBigUInt64BE(512n, 24);
  head.writeUInt32BE(104, 100);
  change(head);
  return head;
}

describe("the image store", () => {
  test("keeps what has the hash that was announced", async () => {
    const bytes = Buffer.from("an image");
    expect(await putImage(host.ctx, hashOf(bytes), Readable.from([bytes.subarray(0, 3), bytes.subarray(3)]))).toEqual({
      sizeBytes: 8,
    });
    expect(readdirSync(join(storage, "images"))).toEqual([hashOf(bytes)]);
  });

  test.each([
    ["other bytes", () => Readable.from([Buffer.from("other")]), "IMAGE_INVALID"],
    ["an upload that breaks off", () => Readable.from(brokenOff()), undefined],
  ])("keeps nothing of %s", async (_what, body, code) => {
    // What the store removes is removed on the fake host: here the real file must go too.
    host.system.remove = async (path) => rmSync(path, { recursive: true, force: true });
    const hash = hashOf(Buffer.from("an image"));
    await expect(putImage(host.ctx, hash, body())).rejects.toMatchObject(code === undefined ? {} : { code });
    expect(readdirSync(join(storage, "images"))).toEqual([]);
    expect(await hasImage(host.ctx, hash)).toBe(false);
  });

  function* brokenOff(): Generator<Buffer> {
    yield Buffer.from("an");
    throw new Error("the connection was lost");
  }
});

describe("a disk", () => {
  const path = "/var/lib/leea/vm/x/disks/root.raw";

  test("without an image is made sparse, the VM's own user's, and whole when it gets its name", async () => {
    await ensureDisk(host.ctx, path, disk, 900_000);
    expect(host.system.ran).toEqual([
      `truncate --size 1048576 -- ${path}.part`,
      `chmod 600 -- ${path}.part`,
      `mv --no-target-directory -- ${path}.part ${path}`,
    ]);
    expect(host.system.files.get(path)).toMatchObject({ owner: 900_000, mode: 0o600 });
  });

  test("that is there is never filled again, only grown", async () => {
    const image = store(Buffer.alloc(512));
    host.system.put(path, "data");
    await ensureDisk(host.ctx, path, { ...disk, image }, 900_000);
    expect(host.system.ran).toEqual([`test -L ${path}`, `truncate --size >1048576 -- ${path}`]);
    expect(host.system.text(path)).toBe("data");
  });

  test("of a raw image is copied after a look without rights", async () => {
    const image = store(Buffer.alloc(512));
    const stored = join(storage, "images", image);
    await ensureDisk(host.ctx, path, { ...disk, image }, 900_000);
    expect(host.system.ran).toEqual([
      `${jail()} qemu-img info -f raw --output=json ${stored}`,
      `cp --reflink=auto --sparse=always -- ${stored} ${path}.part`,
      `truncate --size 1048576 -- ${path}.part`,
      `chmod 600 -- ${path}.part`,
      `mv --no-target-directory -- ${path}.part ${path}`,
    ]);
  });

  test("of a qcow2 is converted by a child without rights", async () => {
    info = { format: "qcow2", "virtual-size": 512 };
    const image = store(qcow2Head());
    const stored = join(storage, "images", image);
    await ensureDisk(host.ctx, path, { ...disk, image }, 900_000);
    expect(host.system.ran).toEqual([
      `${jail()} qemu-img info -f qcow2 --output=json ${stored}`,
      `${jail()} qemu-img check -f qcow2 ${stored}`,
      `${jail(2 ** 20)} qemu-img convert -f qcow2 -O raw -S 4k ${stored} ${path}.part`,
      `truncate --size 1048576 -- ${path}.part`,
      `chmod 600 -- ${path}.part`,
      `mv --no-target-directory -- ${path}.part ${path}`,
    ]);
    expect(host.system.acts).toContain(`owner ${path}.part 65534`);
    expect(host.system.files.get(path)).toMatchObject({ owner: 900_000 });
  });

  test("of an image that is larger than declared is refused, and nothing is made", async () => {
    info = { format: "raw", "virtual-size": 2 ** 21 };
    const image = store(Buffer.alloc(512));
    await expect(ensureDisk(host.ctx, path, { ...disk, image }, 900_000)).rejects.toMatchObject({
      code: "IMAGE_INVALID",
    });
    expect(host.system.files.has(path)).toBe(false);
  });
});

describe("an image that leans on other files", () => {
  test("by a backing file in its header is refused before any program opens it", async () => {
    const image = store(
      qcow2Head((head) => {
        head.writeBigUInt64BE(1024n, 8);
        head.writeUInt32BE(11, 16);
        head.write("/etc/passwd", 1024);
      }),
    );
    await expect(inspectImage(host.ctx, image)).rejects.toMatchObject({ code: "IMAGE_INVALID" });
    expect(host.system.ran).toEqual([]);
  });

  test("by an external data file in its header is refused before any program opens it", async () => {
    const image = store(qcow2Head((head) => head.writeBigUInt64BE(4n, 72)));
    await expect(inspectImage(host.ctx, image)).rejects.toMatchObject({ code: "IMAGE_INVALID" });
    expect(host.system.ran).toEqual([]);
  });

  test.each([
    ["a backing file", { "backing-filename": "/etc/passwd" }],
    ["a data file", { "format-specific": { data: { "data-file": "/etc/passwd" } } }],
    ["another format", { format: "vmdk" }],
  ])("is refused where only qemu-img finds %s", async (_what, found) => {
    info = { format: "qcow2", "virtual-size": 512, ...found };
    await expect(inspectImage(host.ctx, store(qcow2Head()))).rejects.toMatchObject({ code: "IMAGE_INVALID" });
  });

  test.each([
    [0, true],
    [3, true],
    [1, false],
    [2, false],
  ])("a qcow2 that qemu-img check ends with %i is taken: %s", async (exitCode, isTaken) => {
    info = { format: "qcow2", "virtual-size": 512 };
    checkExitCode = exitCode;
    const looked = await inspectImage(host.ctx, store(qcow2Head())).catch((error: unknown) => error);
    const taken = { format: "qcow2", virtualBytes: 512 };
    expect(looked).toMatchObject(isTaken ? taken : { code: "IMAGE_INVALID" });
  });

  test("an image that the host does not have is told as such", async () => {
    await expect(inspectImage(host.ctx, "0".repeat(64))).rejects.toMatchObject({ code: "IMAGE_INVALID" });
  });
});
