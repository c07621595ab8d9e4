// The `leea` command in the folder of a Pulumi program: it finds hosts and VMs in the stack, moves a VM by hand, and the
// next preview says that the VM moves back, which `up` then does. The tests are steps of one story, in order.

import { runInStack } from "./world/leea-command";
import { makeStack, type PulumiStack } from "./world/pulumi-stack";
import { waitFor } from "./world/wait-for";
import { closeWorld, openWorld, type World } from "./world/world";

jest.setTimeout(300_000);

let world: World;
let stack: PulumiStack;

beforeAll(async () => {
  world = await openWorld("by-hand-stack", ["a", "b", "c"]);
  stack = await makeStack({ labFile: `${world.lab.directory}/lab.json` });
  await stack.run("up", "--yes", "--skip-preview");
});

afterAll(async () => {
  await closeWorld(world);
  stack?.drop();
});

test("hosts and VMs are found without a word of where they are", async () => {
  const report = await waitFor("hosts that are well", async () => {
    const { out } = await runInStack(stack, ["status", "--json"]);
    const seen = JSON.parse(out) as {
      well: boolean;
      nodes: { name: string; state: string }[];
      vms: { name: string; node: string }[];
    };
    return seen.well ? seen : undefined;
  });
  expect(report.nodes.map(({ name, state }) => [name, state])).toEqual([
    ["a", "ready"],
    ["b", "ready"],
    ["c", "ready"],
  ]);
  expect(report.vms).toMatchObject([{ name: "web", node: "a" }]);
});

test("a move by hand brings the VM's boot files itself and says what the program will do", async () => {
  const moved = await runInStack(stack, ["move", "web", "b"]);
  expect(moved).toMatchObject({ status: 0, out: expect.stringMatching(/^web moved from a to b: live/) });
  expect(moved.err).toContain("Its program declares a: declare b to keep web there");
});

test("the next preview says that it moves back, and up does it", async () => {
  expect(await stack.run("preview", "--refresh")).toMatch(
    /web: moves live from b to a, because it is on b-\w+ and declared on a-\w+/,
  );
  await stack.run("up", "--yes", "--skip-preview", "--refresh");
  expect(await stack.outputs()).toMatchObject({ currentNode: expect.stringMatching(/^a-/), state: "running" });
  const { out } = await runInStack(stack, ["why", "web", "--json"]);
  expect(
    (JSON.parse(out) as { decisions: { decision: string }[] }).decisions.filter(
      ({ decision }) => decision === "taken-over",
    ),
  ).toHaveLength(2);
});
