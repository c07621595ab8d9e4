// What the MeshNode handler must keep to over any hosts: every verb twice, a program that dies anywhere, preview that
// touches nothing.

import type { Values } from "../../provider/controller/handlers/handler-context";
import { meshNodeHandler } from "../../provider/controller/handlers/mesh-node";
import { LeeaError } from "../../provider/model/errors";
import { type ConformanceWorld, Driven, dieEverywhere } from "./conformance-world";

/** Declares the suite's tests. Each begins and ends with hosts that are in no mesh; `dieInside`: seconds a place on real hosts. */
export function nodeConformance(suite: { readonly world: () => ConformanceWorld; readonly dieInside: boolean }): void {
  const { world } = suite;
  let nodes: Driven[] = [];

  afterEach(async () => {
    for (const node of nodes.reverse()) if (node.known !== undefined) await node.destroy();
    nodes = [];
  });

  async function declare(host: "a" | "b", peer?: Driven): Promise<Values> {
    const peers = peer === undefined ? [] : [{ id: peer.state().id, connection: world().connectionTo("a") }];
    const connection = world().connectionTo(host);
    const declared = {
      owner: "acme/conformance/test",
      name: host,
      connection,
      mesh: { name: "m" },
      peers,
      setup: false,
    };
    const { inputs, problems } = await meshNodeHandler.check(declared, undefined, world().context);
    expect(problems).toEqual([]);
    return inputs;
  }

  async function fresh(host: "a" | "b", peer?: Driven): Promise<Driven> {
    const node = new Driven(meshNodeHandler, world(), await declare(host, peer));
    nodes.push(node);
    return node;
  }

  async function pair(): Promise<{ readonly first: Driven; readonly second: Driven }> {
    const first = await fresh("a");
    await first.up();
    const second = await fresh("b", first);
    await second.up();
    return { first, second };
  }

  test("what was created is read back as it was, and shows no change", async () => {
    const { second } = await pair();
    expect(await second.read()).toEqual(second.known);
    expect(await second.preview()).toEqual({ hasChanges: false, replaces: [], lines: [] });
  });

  test("a second create and a second update change nothing", async () => {
    const { first, second } = await pair();
    const again = new Driven(meshNodeHandler, world(), second.inputs);
    await again.up();
    expect(again.id).toBe(second.id);
    expect(again.known).toEqual(second.known);
    await second.up();
    await second.up();
    expect(second.known).toEqual(again.known);
    expect((await first.read())?.outputs["links"]).toEqual([second.id]);
  });

  test("a preview touches nothing, whatever it shows", async () => {
    const { second } = await pair();
    const before = await world().snapshot();
    await second.preview();
    const renamed = await second.preview({ ...second.inputs, name: "other" });
    expect(renamed).toMatchObject({ hasChanges: true, replaces: [] });
    expect(await world().snapshot()).toBe(before);
  });

  test("a delete that is sent twice is fine", async () => {
    const { second } = await pair();
    await second.destroy();
    await second.destroy();
    expect((await nodes[0]?.read())?.outputs["links"]).toEqual([]);
  });

  test("a host whose delete was broken off is kept by a refresh; an update takes it in again, and a delete ends it", async () => {
    const { second } = await pair();
    const { hosts } = world().context;
    const stopped = new LeeaError({ code: "CANCELLED", message: "stopped" });
    const breaking = { ...world().context, hosts: { ...hosts, removeAgent: () => Promise.reject(stopped) } };
    const { known } = second.state();
    await expect(second.destroy(breaking)).rejects.toBe(stopped);
    const left = await second.read();
    expect(left?.outputs).toMatchObject({ state: "outside", links: [] });
    second.known = left;
    expect(await second.preview()).toMatchObject({ hasChanges: true, replaces: [] });
    await second.up();
    expect(second.known).toEqual(known);
    await expect(second.destroy(breaking)).rejects.toBe(stopped);
    second.known = await second.read();
    await second.destroy();
    expect((await nodes[0]?.read())?.outputs["links"]).toEqual([]);
  });

  test("a host that does not answer is not a node that is gone", async () => {
    const { second } = await pair();
    const { id, known } = second.state();
    const lost = { inputs: { ...known.inputs, connection: world().deadConnection }, outputs: known.outputs };
    const read = await meshNodeHandler.read(id, lost, world().context);
    expect(read?.outputs).toEqual({ ...known.outputs, state: "unreachable" });
    const gone = meshNodeHandler.delete(id, lost, world().context);
    await expect(gone).rejects.toMatchObject({ code: "HOST_UNREACHABLE" });
    expect(await second.read()).toEqual(known);
  });

  if (!suite.dieInside) return;

  test("a create by a program that dies anywhere is made whole by the next run", async () => {
    const { first, second } = await pair();
    const wanted = second.known?.outputs;
    await second.destroy();
    const tried = await dieEverywhere(world(), () => fresh("b", first), {
      act: (node, context) => node.up(context),
      look: async (node, told) => {
        expect({ told, outputs: node.known?.outputs }).toEqual({ told, outputs: wanted });
        expect({ told, links: (await first.read())?.outputs["links"] }).toEqual({ told, links: [node.id] });
        await node.destroy();
      },
    });
    expect(tried).toBeGreaterThan(12);
  });

  test("a delete by a program that dies anywhere is ended by the next run", async () => {
    const first = await fresh("a");
    await first.up();
    const made = async (): Promise<Driven> => {
      const node = await fresh("b", first);
      await node.up();
      return node;
    };
    const tried = await dieEverywhere(world(), made, {
      act: (node, context) => node.destroy(context),
      look: async (_node, told) => {
        expect({ told, links: (await first.read())?.outputs["links"] }).toEqual({ told, links: [] });
      },
    });
    expect(tried).toBeGreaterThan(6);
  });
}
