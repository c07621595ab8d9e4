// Who may make, change and delete a VM on a host: refusals come before anything is changed, and a delete that comes too
// late or twice touches nothing.

import { generateKeyPairSync } from "node:crypto";
import type { Agent } from "../../../provider/agent/agent";
import { deleteVm } from "../../../provider/agent/vm/delete-vm";
import { needsRestart } from "../../../provider/agent/vm/needs-restart";
import { putVm } from "../../../provider/agent/vm/put-vm";
import type { VmRecord } from "../../../provider/model/ownership";
import type { PutVmRequest } from "../../../provider/protocol/vm";
import { type FakeHostAgent, fakeHostAgent, someRecord, someSpec, someVmId } from "../../fakes/fake-host-agent";

const work = { operationId: "work-000001", signal: new AbortController().signal, report: () => undefined };
const stopped = someSpec({ powerState: "stopped", disks: [{ name: "root", sizeBytes: 2 ** 20 }] });
const diskPath = `/var/lib/leea/vm/${someVmId}/disks/root.raw`;
const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const identityPem = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
let host: FakeHostAgent;
let agent: Agent;

beforeEach(async () => {
  host = fakeHostAgent();
  agent = await host.restart();
});
afterEach(() => expect(host.system.refused).toEqual([]));

async function hold(change: Partial<VmRecord> = {}): Promise<void> {
  await agent.records.save(someRecord({ spec: stopped, ...change }));
  await new Promise((resolve) => setImmediate(resolve)); // what a save notes under /run comes behind it
  host.system.put(diskPath, "data");
  host.system.put("/var/lib/leea/keys/identity.pem", identityPem);
  host.system.put("/var/lib/leea/keys/name-at-birth", "a");
  host.system.acts.length = 0;
}

const put = (change: Partial<PutVmRequest> = {}) =>
  putVm(
    agent,
    someVmId,
    {
      operationId: "put-000002",
      owner: "o/p/s",
      logicalName: "web",
      spec: stopped,
      creating: false,
      allowDataLoss: false,
      ...change,
    },
    work,
  );
const remove = (change: Readonly<{ owner?: string; incarnation?: number }> = {}) =>
  deleteVm(agent, someVmId, { operationId: "delete-000001", owner: "o/p/s", incarnation: 1, ...change }, work);

describe("making and changing a VM", () => {
  test("of another stack is refused, and its owner is named", async () => {
    await hold({ owner: "o/p/other" });
    await expect(put({ creating: true })).rejects.toMatchObject({ code: "CONFLICT", details: { owner: "o/p/other" } });
    expect(host.system.acts).toEqual([]);
  });

  test.each(["incoming", "released"] as const)("that is %s is refused while its move goes on", async (role) => {
    await hold({ role, moveId: "move-000001" });
    await expect(put({ creating: true })).rejects.toMatchObject({ code: "NOT_ALLOWED_NOW", details: { role } });
    expect(host.system.acts).toEqual([]);
  });

  test("that went elsewhere is refused with where it went, unless the caller asked there", async () => {
    const movedTo = { nodeId: "b-12345678", generation: 2 };
    await hold({ role: "former", movedTo, generation: 2 });
    await expect(put({ creating: true })).rejects.toMatchObject({ code: "NOT_ALLOWED_NOW", details: { movedTo } });
    const elsewhere = put({ creating: true, confirmedGoneFrom: "c-12345678" });
    await expect(elsewhere).rejects.toMatchObject({ code: "NOT_ALLOWED_NOW" });
    expect(host.system.acts).toEqual([]);
  });

  test("never shrinks a disk, nor drops one unasked; both are told at once with their fields", async () => {
    const two = [...stopped.disks, { name: "data", sizeBytes: 2 ** 20 }];
    await hold({ spec: { ...stopped, disks: two } });
    const fewer = put({ spec: { ...stopped, disks: [{ name: "root", sizeBytes: 512 }] } });
    await expect(fewer).rejects.toMatchObject({
      code: "INPUT_INVALID",
      details: {
        problems: [expect.objectContaining({ field: "disks[0].size" }), expect.objectContaining({ field: "disks" })],
      },
    });
    expect(host.system.acts).toEqual([]);
    expect(host.system.text(diskPath)).toBe("data");
  });

  test("with allowDataLoss drops a disk, and only that one", async () => {
    await hold();
    const dropped = diskPath.replace("root", "data");
    host.system.put(dropped, "old");
    await agent.records.save(
      someRecord({ spec: { ...stopped, disks: [...stopped.disks, { name: "data", sizeBytes: 1 }] } }),
    );
    await put({ allowDataLoss: true });
    expect(host.system.text(dropped)).toBeUndefined();
    expect(host.system.text(diskPath)).toBe("data");
  });

  test("by the same owner adopts it: the incarnation rises, all that was chosen at birth stays", async () => {
    await hold();
    const report = await put({ creating: true });
    expect(report).toMatchObject({ incarnation: 2, generation: 1, state: "stopped" });
    expect(agent.records.get(someVmId)).toMatchObject({ pins: someRecord().pins, uid: 900_000 });
    expect((await put()).incarnation).toBe(2);
  });
});

describe("deleting a VM", () => {
  test("removes its files and leaves a record that says so, and its story", async () => {
    await hold();
    expect(await remove()).toEqual({ deleted: true });
    const left = [...host.system.files.keys()].filter((path) => path.includes(someVmId));
    expect(left.sort()).toEqual([
      `/var/lib/leea/decisions/${someVmId}.jsonl`,
      `/var/lib/leea/records/${someVmId}.json`,
    ]);
    expect(agent.records.get(someVmId)).toMatchObject({ role: "deleted", wantsToRun: false });
  });

  test("syncs that it is deleted before anything of it goes", async () => {
    await hold();
    await remove();
    const synced = host.system.acts.indexOf(`sync /var/lib/leea/records/${someVmId}.json`);
    const removed = host.system.acts.findIndex((act) => act.startsWith("remove"));
    expect(synced).toBe(0);
    expect(removed).toBeGreaterThan(synced);
  });

  test("twice is fine, and so is a VM that never was", async () => {
    expect(await remove()).toEqual({ deleted: false });
    await hold();
    await remove();
    expect(await remove()).toEqual({ deleted: false });
  });

  test("of an older incarnation touches nothing", async () => {
    await hold({ incarnation: 2 });
    expect(await remove({ incarnation: 1 })).toEqual({ deleted: false });
    expect(host.system.acts).toEqual([]);
    expect(host.system.text(diskPath)).toBe("data");
  });

  test("that went elsewhere touches nothing here", async () => {
    await hold({ role: "former", movedTo: { nodeId: "b-12345678", generation: 2 } });
    expect(await remove()).toEqual({ deleted: false });
    expect(host.system.acts).toEqual([]);
  });

  test("of another stack is refused", async () => {
    await hold();
    await expect(remove({ owner: "o/p/other" })).rejects.toMatchObject({ code: "CONFLICT" });
    expect(host.system.acts).toEqual([]);
  });

  test.each(["incoming", "released"] as const)("that is %s is refused: another host may run it", async (role) => {
    await hold({ role, moveId: "move-000001" });
    await expect(remove()).rejects.toMatchObject({ code: "NOT_ALLOWED_NOW", details: { role } });
    expect(host.system.acts).toEqual([]);
  });

  test("that was broken off goes on where it stood", async () => {
    await hold();
    host.system.beforeAct = (act) => {
      if (act.startsWith("remove /var/lib/leea/vm/")) throw new Error("EIO");
    };
    await expect(remove()).rejects.toThrow("EIO");
    host.system.beforeAct = () => undefined;
    await remove();
    expect(host.system.text(diskPath)).toBeUndefined();
  });
});

test.each([
  ["vcpus", { vcpus: 2 }, true],
  ["memory", { memoryBytes: 2 ** 27 }, true],
  ["the CPU model", { cpu: "host" }, true],
  ["the kernel", { boot: { kernel: "0".repeat(64), cmdline: "" } }, true],
  ["a grown disk", { disks: [{ name: "root", sizeBytes: 2 ** 21 }] }, true],
  ["the image of a disk that is filled", { disks: [{ ...stopped.disks[0]!, image: "0".repeat(64) }] }, false],
  ["an added bridge", { nics: [{ kind: "bridge", bridge: "br0" }] }, true],
  ["the name", { name: "other" }, false],
  ["how it moves", { migration: { downtimeLimitMs: 100 } }, false],
] as const)("a change of %s, and whether the guest must restart for it", (_what, change, restarts) => {
  expect(needsRestart(stopped, { ...stopped, ...change })).toBe(restarts);
});

test("who may open connections to a guest changes without a restart", () => {
  const open = someSpec({ nics: [{ kind: "mesh", ingress: [{ from: "nodes", protocol: "any" }] }] });
  expect(needsRestart(open, { ...open, nics: [{ kind: "mesh", ingress: [] }] })).toBe(false);
  expect(needsRestart(open, { ...open, nics: [{ kind: "mesh", ingress: [], address: "10.92.0.9" }] })).toBe(true);
});
