// A host that gets another name and another address, under five VMs; and another SSH key to get in. What is on the hosts
// does not notice. The tests are steps of one story, in order.

import { execFileSync } from "node:child_process";
import { copyFileSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { addUserKey, removeUserKey } from "../../provider/cli/lab/lab";
import { meshNodeHandler } from "../../provider/controller/handlers/mesh-node";
import { closeIdleHosts } from "../../provider/controller/host-pool";
import { runInside, runOverSsh } from "./enter-lab";
import { createVm, type TrackedVm } from "./world/tracked-vm";
import {
  checkNode,
  closeWorld,
  connectionTo,
  joinInARow,
  leaveAll,
  nodeOf,
  openWorld,
  type World,
} from "./world/world";

jest.setTimeout(240_000);

const names = ["one", "two", "three", "four", "five"];
const folder = mkdtempSync(join(tmpdir(), "leea-readdress-"));
let world: World;
let vms: TrackedVm[];
let newAddress: string;

beforeAll(async () => {
  world = await openWorld("readdress", ["a", "b"]);
  world.identityFile = join(folder, "id_ed25519");
  copyFileSync(world.lab.identityFile, world.identityFile);
  await joinInARow(world, ["a", "b"]);
  const small = { guest: "leea.write=0 leea.dirty=0 leea.ws=0", fields: { memory: "96MiB" } };
  vms = [];
  for (const name of names) vms.push(await createVm(world, name, "b", small));
  newAddress = connectionTo(world, "b").host.replace(/\d+$/, "201");
  await runInside(world.lab, "b", `ip address add ${newAddress}/24 dev eth0`);
});

afterAll(async () => {
  await closeWorld(world);
  rmSync(folder, { recursive: true, force: true });
});

/** The way to host b that its program declares from now on: by its second address. */
const newConnection = () => ({ ...connectionTo(world, "b"), host: newAddress });

/** What is on host b and must not notice: every QEMU and every daemon, by pid. */
const processes = () =>
  runInside(world.lab, "b", "ps -eo pid=,comm= | grep -E ' (qemu-system|bird|wireguard-go|dnsmasq)' | sort");

describe("a host with another name and address", () => {
  test("is one update in preview, and its VMs go on", async () => {
    const node = nodeOf(world, "b");
    const declared = { ...node.declared, name: "bravo", connection: newConnection() };
    const inputs = await checkNode(world, declared, node.known.inputs);
    const { hasChanges, replaces, lines } = await meshNodeHandler.diff(node.id, node.known, inputs, world.context);
    expect({ hasChanges, replaces }).toEqual({ hasChanges: true, replaces: [] });
    expect(lines).toEqual([expect.stringMatching(/^bravo: is updated, because .*name changed \(b -> bravo\)/)]);
    for (const vm of vms) {
      const preview = await vm.preview("b", { nodeConnection: newConnection() });
      expect(preview.replaces).toEqual([]);
      expect(preview.lines.join("\n")).not.toMatch(/restarts|moves|replaced/);
    }
  });

  test("is updated with no process on it touched, and keeps its id", async () => {
    const before = await processes();
    expect(before.match(/qemu-system/g)).toHaveLength(names.length);
    const node = nodeOf(world, "b");
    const inputs = await checkNode(world, { ...node.declared, name: "bravo", connection: newConnection() });
    node.known = await meshNodeHandler.update(node.id, node.known, inputs, world.context);
    for (const vm of vms) {
      await vm.update("b", { nodeConnection: newConnection() });
      expect(vm.outputs).toMatchObject({ state: "running", currentNode: node.id, generation: 1 });
    }
    expect(await processes()).toBe(before);
  });

  test("has no changes after that", async () => {
    const node = nodeOf(world, "b");
    const read = await meshNodeHandler.read(node.id, node.known, world.context);
    if (read === undefined) throw new Error("the host is gone");
    expect((await meshNodeHandler.diff(node.id, read, read.inputs, world.context)).hasChanges).toBe(false);
    for (const vm of vms) {
      await vm.refresh();
      expect(await vm.preview("b", { nodeConnection: newConnection() })).toMatchObject({
        hasChanges: false,
        lines: [],
      });
    }
  });
});

describe("another SSH key", () => {
  test("lets in where the old one does not any more", async () => {
    const next = join(folder, "next");
    execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "next", "-f", next]);
    await addUserKey(world.lab, await readFile(`${next}.pub`, "utf8"));
    await removeUserKey(world.lab, world.lab.publicKey);
    renameSync(next, world.identityFile);
    closeIdleHosts();
    await expect(runOverSsh(world.lab, "root", "true")).rejects.toThrow(/Permission denied/);
    expect(await runOverSsh(world.lab, "root", "hostname", { identityFile: world.identityFile })).toBe("a");
  });

  test("is enough to move a VM and to destroy all that was made with the old one", async () => {
    const [mover, ...others] = vms;
    if (mover === undefined) throw new Error("there are no VMs");
    const bootId = await mover.booted("a");
    await mover.update("a");
    expect(mover.outputs).toMatchObject({ state: "running", currentNode: nodeOf(world, "a").id, generation: 2 });
    expect(await mover.booted("b")).toBe(bootId);
    for (const vm of [mover, ...others]) await vm.destroy();
    await leaveAll(world);
    for (const host of ["a", "b"]) {
      expect(await runInside(world.lab, host, "ls -d /opt/leea /var/lib/leea 2>/dev/null || echo none")).toBe("none");
    }
  });
});
