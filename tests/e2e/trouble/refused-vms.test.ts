// VMs that a host refuses: the code, the field, every reason at once, and that nothing of them is left on the host.

import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { vmHandler } from "../../../provider/controller/handlers/vm";
import { runInside } from "../enter-lab";
import { closeWorld, openWorld, owner, type World, withAgent } from "../world/world";
import { checkVm, declareVm, errorOf, listVmTraces, makeNode, makeVm } from "./trouble-rig";

jest.setTimeout(120_000);
const folder = mkdtempSync(join(tmpdir(), "leea-refused-"));
let world: World;

beforeAll(async () => {
  const opened = await openWorld("refused", ["a", "b"]);
  world = { ...opened, context: { ...opened.context, programFolder: folder } };
  // A KVM that runs no guest costs 10 s to find out.
  for (const host of ["a", "b"]) await runInside(world.lab, host, "rm -f /dev/kvm");
  await makeNode(world, "a");
  await makeNode(world, "b", {}, ["a"]);
});

afterAll(async () => {
  await closeWorld(world);
  rmSync(folder, { recursive: true });
});

/** Tries to create the VM, gives the error, and holds the host against what was on it before. */
async function refuse(fields: Record<string, unknown>, host = "a") {
  const before = await listVmTraces(world, host);
  const reached: string[] = [];
  const inputs = await checkVm(world, declareVm(world, "refused", host, fields));
  const error = await errorOf(vmHandler.create(inputs, world.context, (id) => void reached.push(id)));
  expect(reached).toEqual([]);
  expect(await listVmTraces(world, host)).toBe(before);
  const { vms } = await withAgent(world, host, (session) => session.call("listVms", {}));
  expect(vms.map(({ spec }) => spec.name)).not.toContain("refused");
  return error;
}

test("#11 #19 what a host does not have is refused with every field at once", async () => {
  const error = await refuse({
    vcpus: cpus().length + 1,
    memory: "4TiB",
    disks: [{ name: "root", size: "60TiB" }],
    nics: [{ mesh: {} }, { bridge: "br-none" }],
  });
  expect(error.code).toBe("PREFLIGHT_FAILED");
  expect(error.details?.["reasons"]).toEqual([
    expect.stringMatching(/^vcpus: \d+ are more than the host's \d+ processors/),
    expect.stringMatching(/^memory: 4194304 MiB are more than the \d+ MiB/),
    expect.stringMatching(/^disks: 62914560 MiB are more than the \d+ MiB free under \/var\/lib\/leea/),
    'nics[1].bridge: the host has no bridge "br-none"',
  ]);
  expect(error.text).toContain("next: Mend what is named above, or declare another node");
});

describe("an address", () => {
  const address = "10.92.7.7";
  const nics = [{ mesh: { address } }];

  beforeAll(async () => {
    await makeVm(world, "holder", "a", { nics });
  });

  test("#20 that another VM of the host has is refused, and says whose it is", async () => {
    const error = await refuse({ nics });
    expect(error).toMatchObject({
      code: "PREFLIGHT_FAILED",
      message: expect.stringContaining(`nics[0].mesh.address: ${address} is taken (VM "holder" of ${owner})`),
    });
  });

  test("#20 that a VM of another host has is refused, as routes tell", async () => {
    await runInside(
      world.lab,
      "b",
      `for n in $(seq 100); do ip route show ${address} | grep -q . && exit; sleep 0.1; done; exit 1`,
    );
    const error = await refuse({ nics }, "b");
    expect(error).toMatchObject({
      code: "PREFLIGHT_FAILED",
      message: expect.stringContaining(`nics[0].mesh.address: ${address} is taken (announced by`),
    });
  });

  test("outside of the mesh's range is refused with the range", async () => {
    const error = await refuse({ nics: [{ mesh: { address: "192.168.7.7" } }] });
    expect(error.message).toContain(
      "nics[0].mesh.address: 192.168.7.7 is not a usable address of the mesh's range for VMs, 10.92.0.0/16",
    );
  });

  test("that two VMs ask for at the same time goes to one of them", async () => {
    const twice = { nics: [{ mesh: { address: "10.92.7.8" } }], powerState: "stopped" };
    const [one, other] = await Promise.all(
      ["one", "other"].map((name) => checkVm(world, declareVm(world, name, "a", twice))),
    );
    const results = await Promise.allSettled(
      [one, other].map((inputs) => vmHandler.create(inputs ?? {}, world.context, () => undefined)),
    );
    expect(results.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    const refused = results.find(({ status }) => status === "rejected") as PromiseRejectedResult;
    expect(String(refused.reason)).toContain("10.92.7.8 is taken");
    const { vms } = await withAgent(world, "a", (session) => session.call("listVms", {}));
    expect(vms.filter((vm) => vm.address === "10.92.7.8")).toHaveLength(1);
  });
});

test("VMs made side by side have an address and a user of their own each", async () => {
  const names = ["s1", "s2", "s3", "s4"];
  const made = await Promise.all(names.map((name) => makeVm(world, name, "b", { powerState: "stopped" })));
  const records = await Promise.all(
    made.map(({ id }) => runInside(world.lab, "b", `cat /var/lib/leea/records/${id}.json`)),
  );
  const uids = records.map((text) => (JSON.parse(text) as { uid: number }).uid);
  expect(new Set(uids).size).toBe(names.length);
  expect(new Set(made.map(({ known }) => known.outputs["address"])).size).toBe(names.length);
});

describe("an image", () => {
  test("#1 with QEMU's options in its name is the file of that name, and its bytes are the disk", async () => {
    const image = "disk.img,file=.etc.passwd,readonly=on";
    // No text at the start: that would not be an image.
    writeFileSync(join(folder, image), Buffer.concat([Buffer.alloc(512), Buffer.alloc(1024 ** 2 - 512, "known")]));
    const { id } = await makeVm(world, "literal", "a", { disks: [{ name: "root", size: "1MiB", image }] });
    const argv = await runInside(world.lab, "a", `tr '\\0' '\\n' </proc/$(pgrep -f "[g]uest=leea-${id}")/cmdline`);
    expect(argv).not.toContain("passwd");
    expect(argv).toContain(`/var/lib/leea/vm/${id}/disks/root.raw`);
    const bytes = execFileSync("sha256sum", [join(folder, image)], { encoding: "utf8" }).slice(0, 64);
    expect(await runInside(world.lab, "a", `sha256sum </var/lib/leea/vm/${id}/disks/root.raw`)).toContain(bytes);
  });

  test("#9 is looked at by a process without rights, whose memory, time and files are limited", async () => {
    // In its place on the host: it says who it is, and the real one does the work.
    const spy = `#!/bin/bash
# A look may write no file at all; a conversion may write one as large as the disk.
[ $1 = convert ] && { echo "$1 $(id -u) $(id -g) $(id -G)"; grep -E "^(CapBnd|CapEff|NoNewPrivs)" /proc/self/status
grep -E "^Max (address space|cpu time|file size|core)" /proc/self/limits; } >/run/spy/$1
exec /usr/bin/qemu-img "$@"`;
    await runInside(
      world.lab,
      "a",
      `mkdir -m 777 /run/spy; printf '%s' '${spy}' >/usr/local/bin/qemu-img; chmod 755 /usr/local/bin/qemu-img`,
    );
    try {
      execFileSync("qemu-img", ["create", "-q", "-f", "qcow2", join(folder, "spied.qcow2"), "4M"]);
      await makeVm(world, "spied", "a", { disks: [{ name: "root", size: "4MiB", image: "spied.qcow2" }] });
      const seen = await runInside(world.lab, "a", "cat /run/spy/convert");
      expect(seen.match(/^\w+ 65534 65534 65534$/gm)).toEqual(["convert 65534 65534 65534"]);
      expect(seen.match(/^Cap(Bnd|Eff):\s+0+$/gm)).toHaveLength(2);
      expect(seen.match(/^NoNewPrivs:\s+1$/gm)).toHaveLength(1);
      expect(seen.match(/^Max address space +1073741824 /gm)).toHaveLength(1);
      expect(seen.match(/^Max cpu time +600 /gm)).toHaveLength(1);
      expect(seen.match(/^Max core file size +0 /gm)).toHaveLength(1);
      expect(seen.match(/^Max file size +4194304 /gm)).toHaveLength(1);
    } finally {
      await runInside(world.lab, "a", "rm -rf /usr/local/bin/qemu-img /run/spy");
    }
  });

  test("#12 that is damaged is refused by the host too, by a look of its own, and is not kept there", async () => {
    execFileSync(
      "bash",
      [
        "-ec",
        "head -c 3M /dev/urandom >raw; truncate -s 4M raw; qemu-img convert -O qcow2 raw whole.qcow2; head -c 1500000 whole.qcow2 >cut.qcow2",
      ],
      { cwd: folder },
    );
    const error = await refuse({ disks: [{ name: "root", size: "4MiB", image: "cut.qcow2" }] });
    expect(error).toMatchObject({
      code: "PREFLIGHT_FAILED",
      message: expect.stringMatching(/disks\[0\]\.image: .*damage or was cut short/),
    });
    const hash = execFileSync("sha256sum", [join(folder, "cut.qcow2")], { encoding: "utf8" }).slice(0, 64);
    expect(await withAgent(world, "a", (session) => session.call("hasImage", { params: { hash } }))).toEqual({
      present: false,
    });
  });

  test("#8 #9 #11 that would open other files is refused by the host too, when a client does not look", async () => {
    execFileSync("qemu-img", [
      "create",
      "-q",
      "-f",
      "qcow2",
      "-F",
      "raw",
      "-b",
      "/etc/passwd",
      join(folder, "backed.qcow2"),
      "4M",
    ]);
    execFileSync("qemu-img", [
      "create",
      "-q",
      "-f",
      "qcow2",
      "-o",
      `data_file=${join(folder, "outside.raw")}`,
      join(folder, "outside.qcow2"),
      "4M",
    ]);
    writeFileSync(join(folder, "huge.qcow2"), hugeQcow2());
    const countImages = () => runInside(world.lab, "a", "ls /var/lib/leea/images | wc -l");
    const before = await countImages();
    const reasons = await withAgent(world, "a", async (session) => {
      const found: string[] = [];
      for (const file of ["backed.qcow2", "outside.qcow2", "huge.qcow2"]) {
        const image = await session.uploadImage(join(folder, file));
        const disks = [{ name: "root", sizeBytes: 4 * 1024 ** 2, image }];
        const spec = {
          name: "forged",
          vcpus: 1,
          memoryBytes: 64 * 1024 ** 2,
          cpu: "portable" as const,
          disks,
          nics: [],
          migration: { downtimeLimitMs: 30 },
          powerState: "running" as const,
        };
        const body = {
          operationId: "forged-operation",
          owner,
          logicalName: "forged",
          spec,
          creating: true,
          allowDataLoss: false,
        };
        found.push(...(await session.call("checkVm", { params: { vmId: "forged".padEnd(26, "a") }, body })).reasons);
      }
      return found;
    });
    expect(reasons).toEqual([
      expect.stringContaining("backing file"),
      expect.stringContaining("external data file"),
      expect.stringContaining("larger than any"),
    ]);
    expect(await countImages()).toBe(before);
  });
});

test("#12 bytes that are not those that were announced leave nothing on the host", async () => {
  const hash = createHash("sha256").update("something else").digest("hex");
  const before = await listVmTraces(world, "a");
  const head = `PUT /v1/images/${hash} HTTP/1.1\\r\\nHost: x\\r\\nConnection: close\\r\\nContent-Length: 1000\\r\\n\\r\\n`;
  // The relay ends when its input does, so that is held open until the answer has come.
  const sent = `
    coproc agent { /opt/leea/current/leea-agent connect; }
    { printf '${head}'; head -c 1000 /dev/zero; } >&"\${agent[1]}"
    cat <&"\${agent[0]}"`;
  expect(await runInside(world.lab, "a", sent)).toContain("IMAGE_INVALID");
  expect(await withAgent(world, "a", (session) => session.call("hasImage", { params: { hash } }))).toEqual({
    present: false,
  });
  expect(await listVmTraces(world, "a")).toBe(before);
});

/** A qcow2 header that claims a disk of 2^62 bytes. */
function hugeQcow2(): Buffer {
  const header = Buffer.alloc(65_536);
  header.writeUInt32BE(0x514649fb, 0);
  header.writeUInt32BE(3, 4);
  header.writeUInt32BE(16, 20);
  header.writeBigUInt64BE(2n ** 62n, 24);
  return header;
}
