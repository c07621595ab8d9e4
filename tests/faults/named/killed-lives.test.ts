// The agent dies at each point of a create and of a delete (F1). Run again, a create ends in the one VM of its id with one
// QEMU, and a delete in nothing at all.

import { createHash } from "node:crypto";
import { vmHandler } from "../../../provider/controller/handlers/vm";
import { deriveVmId } from "../../../provider/model/inputs/vm-id";
import { checkVm, declareVm, listVmTraces, makeNode } from "../../e2e/trouble/trouble-rig";
import { waitFor } from "../../e2e/world/wait-for";
import { closeWorld, openWorld, owner, type World } from "../../e2e/world/world";
import { CopiesWatch } from "../watch/copies-watch";
import { findAgent, signalProcess } from "../world/find-processes";
import { createPoints, deletePoints, LifeMoments, type LifePoint } from "../world/life-moments";

jest.setTimeout(120_000);

let world: World;

beforeAll(async () => {
  world = await openWorld("killed-lives", ["a"]);
  await makeNode(world, "a");
});

afterAll(() => closeWorld(world));

const idOf = (name: string) => deriveVmId(owner, name, (text) => createHash("sha256").update(text).digest());

/** Does `act` again until it succeeds, while the agent is killed once, when it passes the point. */
async function killAt(vmId: string, point: LifePoint, act: () => Promise<unknown>): Promise<CopiesWatch> {
  const copies = new CopiesWatch(vmId, () => world.lab);
  const agent = findAgent(world.lab, "a");
  const moments = new LifeMoments({ world, host: "a", vmId, copies }, (passed) => {
    if (passed === point) signalProcess(agent, "SIGKILL");
  });
  try {
    // A first run may fail, or find its way over the restart by itself; the second one must not fail.
    await act().catch(() => act());
    await waitFor(`the point ${point}`, () => moments.passed.includes(point));
    return copies;
  } finally {
    moments.stop();
    copies.stop();
  }
}

async function create(name: string): Promise<{ id: string; known: Parameters<typeof vmHandler.delete>[1] }> {
  const inputs = await checkVm(world, declareVm(world, name, "a"));
  const { id, outputs } = await vmHandler.create(inputs, world.context, () => undefined);
  return { id, known: { inputs, outputs } };
}

test.each(createPoints)("a create whose agent dies at its %s ends in one VM when it is run again", async (point) => {
  const name = `create-${point}`;
  const vmId = idOf(name);
  const copies = await killAt(vmId, point, () => create(name));
  const made = await create(name);
  expect(made.id).toBe(vmId);
  expect(made.known.outputs).toMatchObject({ state: "running" });
  expect(copies.findDoubleRuns()).toEqual([]);
  const look = new CopiesWatch(vmId, () => world.lab);
  await waitFor("the one QEMU", () => look.living().some(({ status }) => status === "running"));
  expect(look.living()).toHaveLength(1);
  look.stop();
  await vmHandler.delete(made.id, made.known, world.context);
  expect(await listVmTraces(world, "a")).toBe("");
});

test.each(deletePoints)("a delete whose agent dies at its %s ends in nothing when it is run again", async (point) => {
  const made = await create(`delete-${point}`);
  await killAt(made.id, point, () => vmHandler.delete(made.id, made.known, world.context));
  await vmHandler.delete(made.id, made.known, world.context);
  expect(await listVmTraces(world, "a")).toBe("");
});
