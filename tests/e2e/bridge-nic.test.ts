// A VM on the user's own LAN: its card hangs on a bridge that each host has, its address comes from the LAN's own DHCP
// server, and the LAN reaches it before and after a move.

import { readFileSync } from "node:fs";
import { askGuest } from "../../provider/cli/story/guest-link";
import { createVm, runInHost, type TrackedVm } from "./world/tracked-vm";
import { findTraces, waitForNoTraces } from "./world/vm-traces";
import { waitFor } from "./world/wait-for";
import { closeWorld, joinInARow, nodeOf, openWorld, type World } from "./world/world";

jest.setTimeout(180_000);

let world: World;
let vm: TrackedVm;
let address: string;
let bootId: string;

beforeAll(async () => {
  world = await openWorld("bridge", ["a", "b"]);
  await joinInARow(world, ["a", "b"]);
});

afterAll(() => closeWorld(world));

const ask = (deadlineMs: number) => askGuest(runInHost(world, "lan"), address, "status", deadlineMs);

/** The address that the LAN's DHCP server gave its only client. */
function leasedAddress(): string | undefined {
  const leases = readFileSync(`${world.lab.directory}/lan.leases`, { encoding: "utf8", flag: "a+" });
  return /192\.168\.77\.\d+/.exec(leases)?.[0];
}

test("the LAN gives it an address and reaches it", async () => {
  const fields = { nics: [{ bridge: "br-lan" }], disks: [{ name: "root", size: "64MiB" }] };
  vm = await createVm(world, "lan-vm", "a", { guest: "leea.write=50 leea.dirty=1 leea.ws=8", fields });
  expect(vm.outputs).toMatchObject({ state: "running", address: "" });
  address = await waitFor("a lease", leasedAddress, 60_000);
  const status = await ask(30_000);
  expect(status.address).toBe(address);
  ({ bootId } = status);
});

test("the LAN reaches it on the host that it has moved to", async () => {
  await vm.update("b");
  expect(vm.outputs).toMatchObject({ state: "running", currentNode: nodeOf(world, "b").id });
  // It announces itself (gratuitous ARP), so the LAN finds it well before any neighbour entry grows old.
  const status = await ask(10_000);
  expect(status).toMatchObject({ bootId, address });
  const { disks, memory } = await askGuest(runInHost(world, "lan"), address, "verify");
  expect([disks[0]?.bad, memory.bad]).toEqual([0, 0]);
  const links = (await findTraces(vm, "b")).filter((line) => line.startsWith("link: "));
  expect(links).toEqual([expect.stringMatching(/leeab.* master br-lan/)]);
  await waitForNoTraces(vm, "a", 20_000);
});

test("its end leaves nothing on the bridge", async () => {
  await vm.destroy();
  expect(await findTraces(vm, "b")).toEqual([]);
});
