// A chosen few of the deaths of `npm run faults -- --named`: provider, agent and QEMU killed in the midst of a VM's create and
// delete. The next run makes one VM of it, or nothing.

import type { KnownState } from "../../../provider/controller/handlers/handler-context";
import { type AgentPoint, carryDyingAgent, whileDying } from "../../faults/lives/dying-agent";
import { startLife } from "../../faults/lives/provider-life";
import { VmLife } from "../../faults/lives/vm-life";
import { makeNode } from "../trouble/trouble-rig";
import { closeWorld, openWorld, type World } from "../world/world";

jest.setTimeout(120_000);

let world: World;
let vm: VmLife;

beforeAll(async () => {
  carryDyingAgent();
  world = await openWorld("killed-few", ["a"]);
  await makeNode(world, "a");
  vm = new VmLife(world, "a", "web");
});

afterAll(() => closeWorld(world));

afterEach(() => vm.clear());

async function expectOne(): Promise<KnownState> {
  const known = await vm.expectMadeWhole(vm.watch());
  expect((await vm.describe(known)).join("\n")).toMatch(/dnsmasq: .*file: .*link: .*qemu: .*route: .*rule: /s);
  return known;
}

const dieAt = (point: AgentPoint, act: () => Promise<unknown>): Promise<unknown> =>
  whileDying(world, { host: "a", point }, act);

test("a provider that is killed when its host has taken a create, and in the delete: one VM, then nothing", async () => {
  const inputs = await vm.inputs();
  const created = await startLife(world, { type: "VM", verb: "create", inputs }, "putVm 1").ended;
  const known = await expectOne();
  const deleted = await startLife(world, { type: "VM", verb: "delete", id: vm.id, known }, "deleteVm 1").ended;
  expect([created.end, deleted.end]).toEqual(["killed", "killed"]);
  await vm.delete(known);
  await vm.expectNothing(known);
});

test("an agent that dies before it has written down the QEMU that it started, and in the delete: one VM, then nothing", async () => {
  await dieAt("before sync records 2", () => vm.create());
  const known = await expectOne();
  await dieAt("after remove vm 1", () => vm.delete(known));
  await vm.delete(known);
  await vm.expectNothing(known);
});
