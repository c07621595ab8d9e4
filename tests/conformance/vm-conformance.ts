// What any VM handler over any hosts must keep to: every verb twice, a program that dies anywhere, preview that touches
// nothing. The fake hosts and the real lab pass this same suite.

import type { Values } from "../../provider/controller/handlers/handler-context";
import { vmHandler } from "../../provider/controller/handlers/vm";
import { type ConformanceWorld, Driven, dieEverywhere, lasting } from "./conformance-world";

/** Where the VMs go: `world` is asked in each test; `nodeIds` are those of hosts that are in one mesh. */
export interface VmConformance {
  readonly world: () => ConformanceWorld;
  readonly nodeId: (host: "a" | "b") => string;
  /** Dying in an update restarts the guest at each place: seconds each on real hosts. */
  readonly withUpdates: boolean;
}

let madeCount = 0;

/** Declares the suite's tests. */
export function vmConformance({ world, nodeId, withUpdates }: VmConformance): void {
  const made: Driven[] = [];

  afterEach(async () => {
    for (const driven of made.splice(0)) if (driven.known !== undefined) await driven.destroy();
    expect(await world().countVms()).toBe(0);
  });

  async function declare(change: Values = {}, host: "a" | "b" = "a", previous?: Values): Promise<Values> {
    const declared = {
      owner: "acme/conformance/test",
      node: nodeId(host),
      nodeConnection: world().connectionTo(host),
      vcpus: 1,
      memory: "64MiB",
      boot: world().boot,
      ...change,
    };
    const { inputs, problems } = await vmHandler.check(declared, previous, world().context);
    expect(problems).toEqual([]);
    return inputs;
  }

  async function fresh(change: Values = {}): Promise<Driven> {
    madeCount += 1;
    const driven = new Driven(vmHandler, world(), await declare({ logicalName: `vm-${madeCount}`, ...change }));
    made.push(driven);
    return driven;
  }

  async function create(change: Values = {}): Promise<Driven> {
    const driven = await fresh(change);
    await driven.up();
    return driven;
  }

  test("what was created is read back as it was, and shows no change", async () => {
    const vm = await create();
    expect(await vm.read()).toEqual(vm.known);
    expect(await vm.preview()).toEqual({ hasChanges: false, replaces: [], lines: [] });
    expect(await world().countVms()).toBe(1);
  });

  test("a second create adopts the same VM with a higher incarnation", async () => {
    const first = await create();
    const second = new Driven(vmHandler, world(), first.inputs);
    made.push(second);
    await second.up();
    expect(second.id).toBe(first.id);
    expect(lasting(second.known?.outputs)).toEqual(lasting(first.known?.outputs));
    expect(second.known?.outputs["incarnation"]).toBe(2);
    expect(second.known?.outputs["bootedAt"]).toBe(first.known?.outputs["bootedAt"]);
    expect(await world().countVms()).toBe(1);
  });

  test("a delete that names an older incarnation touches nothing", async () => {
    const first = await create();
    const second = new Driven(vmHandler, world(), first.inputs);
    await second.up();
    await first.destroy();
    expect(await world().countVms()).toBe(1);
    expect(await second.read()).toEqual(second.known);
    made.push(second);
  });

  test("an update that is sent twice is made once", async () => {
    const vm = await create();
    vm.inputs = { ...vm.inputs, ...(await declare({ logicalName: vm.inputs["logicalName"], memory: "96MiB" })) };
    await vm.up();
    const once = vm.known;
    await vm.up();
    expect(vm.known).toEqual(once);
    expect(await vm.read()).toEqual(once);
    expect(await world().countVms()).toBe(1);
  });

  test("a delete that is sent twice is fine, and so is one of what never was", async () => {
    const vm = await create();
    await vm.destroy();
    expect(await vm.read()).toBeUndefined();
    await vm.destroy();
    const { inputs } = vm;
    await vmHandler.delete("a".repeat(26), { inputs, outputs: {} }, world().context);
    expect(await vmHandler.read("a".repeat(26), { inputs, outputs: {} }, world().context)).toBeUndefined();
  });

  test("a preview touches nothing, whatever it shows", async () => {
    const vm = await create();
    const before = await world().snapshot();
    const { logicalName } = vm.inputs;
    const moved = { ...(await declare({ logicalName }, "b")), logicalName };
    expect((await vm.preview()).hasChanges).toBe(false);
    expect((await vm.preview({ ...vm.inputs, memory: "96MiB" })).lines[0]).toContain("restarts");
    expect((await vm.preview(moved)).lines[0]).toContain("moves live");
    expect(await world().snapshot()).toBe(before);
  });

  test("a host that does not answer is not a VM that is gone", async () => {
    const vm = await create();
    const { id, known } = vm.state();
    const lost = { inputs: { ...known.inputs, nodeConnection: world().deadConnection }, outputs: known.outputs };
    const read = await vmHandler.read(id, lost, world().context);
    expect(read?.outputs).toEqual({ ...known.outputs, state: "unreachable" });
    const gone = vmHandler.delete(id, lost, world().context);
    await expect(gone).rejects.toMatchObject({ code: "HOST_UNREACHABLE" });
    expect(await vm.read()).toEqual(known);
  });

  test("the same operation id gives the same result and acts once", async () => {
    const vm = await create();
    const { id, known } = vm.state();
    const session = await world().context.hosts.open(world().connectionTo("a"), { install: "never" });
    try {
      const body = { operationId: "conformance-delete-1", owner: String(vm.inputs["owner"]), incarnation: 1 };
      const first = await session.follow(await session.call("deleteVm", { params: { vmId: id }, body }));
      const again = new Driven(vmHandler, world(), vm.inputs);
      made.push(again);
      await again.up();
      const second = await session.follow(await session.call("deleteVm", { params: { vmId: id }, body }));
      expect(second).toEqual(first);
      expect(await world().countVms()).toBe(1);
      expect(lasting((await again.read())?.outputs)).toMatchObject({ vmId: known.outputs["vmId"], state: "running" });
    } finally {
      session.close();
    }
  });

  test("a create by a program that dies anywhere is made whole by the next run, with one VM", async () => {
    const whole = await create();
    const wanted = withoutNames(whole.known?.outputs);
    const tried = await dieEverywhere(world(), fresh, {
      act: (vm, context) => vm.up(context),
      look: async (vm, told) => {
        expect({ told, vms: await world().countVms() }).toEqual({ told, vms: 2 });
        expect({ told, ...withoutNames(vm.known?.outputs) }).toEqual({ told, ...wanted });
        expect({ told, ...(await vm.preview()) }).toEqual({ told, hasChanges: false, replaces: [], lines: [] });
        await vm.destroy();
      },
    });
    expect(tried).toBeGreaterThan(8);
  });

  test("a delete by a program that dies anywhere is ended by the next run", async () => {
    const tried = await dieEverywhere(world(), create, {
      act: (vm, context) => vm.destroy(context),
      look: async (vm, told) => {
        expect({ told, left: await vm.read() }).toEqual({ told, left: undefined });
        expect({ told, vms: await world().countVms() }).toEqual({ told, vms: 0 });
      },
    });
    expect(tried).toBeGreaterThan(4);
  });

  if (!withUpdates) return;

  test("an update by a program that dies anywhere is made whole by the next run", async () => {
    const changed = async (): Promise<Driven> => {
      const vm = await create();
      vm.inputs = await declare({ logicalName: vm.inputs["logicalName"], memory: "96MiB" });
      return vm;
    };
    const tried = await dieEverywhere(world(), changed, {
      act: (vm, context) => vm.up(context),
      look: async (vm, told) => {
        expect({ told, vms: await world().countVms() }).toEqual({ told, vms: 1 });
        expect({ told, read: await vm.read() }).toEqual({ told, read: vm.known });
        await vm.destroy();
      },
    });
    expect(tried).toBeGreaterThan(6);
  });

  test("a move by a program that dies anywhere ends with the VM on its new host, and once", async () => {
    const moved = async (): Promise<Driven> => {
      const vm = await create();
      vm.inputs = await declare({ logicalName: vm.inputs["logicalName"] }, "b");
      return vm;
    };
    const tried = await dieEverywhere(world(), moved, {
      act: (vm, context) => vm.up(context),
      look: async (vm, told) => {
        expect({ told, vms: await world().countVms() }).toEqual({ told, vms: 1 });
        expect({ told, node: vm.known?.outputs["currentNode"] }).toEqual({ told, node: nodeId("b") });
        expect({ told, generation: vm.known?.outputs["generation"] }).toEqual({ told, generation: 2 });
        await vm.destroy();
      },
    });
    expect(tried).toBeGreaterThan(10);
  });
}

function withoutNames(outputs: Values | undefined): Values {
  const { vmId: _id, address: _address, ...rest } = lasting(outputs);
  return rest;
}
