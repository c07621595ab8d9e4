// By hand what a changed line does: the `leea` command moves a VM, cancels a move, tells why, and brings a person to the
// VM's console, before and after a move. The tests are steps of one story, in order.

import { nodeNameOf } from "../../provider/model/changes/describe-plan";
import { askLeea, runLeea, startInTerminal, startLeea } from "./world/leea-command";
import { createVm, type TrackedVm } from "./world/tracked-vm";
import { waitFor } from "./world/wait-for";
import { closeWorld, joinInARow, nodeOf, openWorld, type World } from "./world/world";

jest.setTimeout(180_000);

let world: World;
let vm: TrackedVm;
const bootFiles = [process.env["LEEA_GUEST_KERNEL"], process.env["LEEA_GUEST_INITRD"]].flatMap((path) => [
  "--boot-file",
  path ?? "",
]);
const move = (to: string): string[] => ["move", "web", to, ...bootFiles];

interface Status {
  readonly well: boolean;
  readonly problems: readonly { subject: string; what: string }[];
  readonly nodes: readonly { name: string; state: string; reason?: string }[];
  readonly vms: readonly {
    name: string;
    state: string;
    node: string;
    operation?: { phase: string; operationId: string };
  }[];
}

const status = async (exit?: number): Promise<Status> => (await askLeea(world, ["status"], exit)) as unknown as Status;

beforeAll(async () => {
  world = await openWorld("by-hand", ["a", "b"]);
  await joinInARow(world, ["a", "b"]);
  vm = await createVm(world, "web", "a", { guest: "leea.echo", fields: { memory: "96MiB" } });
  await vm.booted("b");
});

afterAll(() => closeWorld(world));

/** Types a line at the VM's console and waits for the guest's answer to it. */
async function talk(line: string): Promise<void> {
  const console = startLeea(world, ["console", "web", "--linger", "20"]);
  await waitFor("a console", () => console.err().includes("[web on "));
  console.child.stdin.write(`${line}\n`);
  await console.said(`LEEA-GUEST-HEARD ${line}`);
  console.child.kill("SIGTERM");
  await console.ended;
}

test("status shows both hosts and the VM, and says that all is well", async () => {
  const report = await waitFor("links that are up", async () => {
    const seen = (await runLeea(world, ["status", "--json"])).out;
    return (JSON.parse(seen) as Status).well ? (JSON.parse(seen) as Status) : undefined;
  });
  expect(report.nodes.map(({ name, state }) => [name, state])).toEqual([
    ["a", "ready"],
    ["b", "ready"],
  ]);
  expect(report.vms).toMatchObject([{ name: "web", state: "running", node: "a", mode: "live", generation: 1 }]);
  const text = await runLeea(world, ["status"]);
  expect(text.out).toMatch(
    /^All is well\.\n\nHOST +STATE .*\na +ready .*\nb +ready .*\n\nVM +STATE .*\nweb +running +a /,
  );
});

test("a person talks to the guest over its console, and a second one is told that it is taken", async () => {
  await talk("before");
  const first = startLeea(world, ["console", "web", "--linger", "60"]);
  await waitFor("a console", () => first.err().includes("[web on "));
  const second = await runLeea(world, ["console", "web"]);
  expect(second.status).toBe(5);
  expect(second.err).toMatch(/somebody is at this console already/);
  const third = startLeea(world, ["console", "web", "--take", "--linger", "60"]);
  await first.said("somebody else took the console");
  third.child.stdin.write("mine\n");
  await third.said("LEEA-GUEST-HEARD mine");
  for (const each of [first, third]) each.child.kill("SIGTERM");
  await Promise.all([first.ended, third.ended]);
});

test("a move by hand says why it can, moves, and the log that is followed goes with the VM", async () => {
  const log = startLeea(world, ["logs", "web", "--follow", "--lines", "5"]);
  await log.said("LEEA-GUEST-");
  expect(await askLeea(world, [...move("b"), "--dry-run"])).toMatchObject({
    outcome: "possible",
    grounds: expect.any(String),
  });
  const moved = await runLeea(world, move("b"));
  expect(moved).toMatchObject({ status: 0 });
  expect(moved.err).toMatch(/web can move live from a to b: .*\n(.*\n)*precopy/);
  expect(moved.out).toMatch(/^web moved from a to b: live, .* the guest stood still for /);
  await waitFor("the log to follow", () => log.err().includes("[web is on b now]"), 60_000);
  const before = log.out().length;
  await waitFor("the guest's next words", () => log.out().slice(before).includes("LEEA-GUEST-BEAT"), 30_000);
  log.child.kill("SIGTERM");
  await log.ended;
  expect(await askLeea(world, move("b"))).toMatchObject({ outcome: "already-there" });
});

test("the console works after the move too", () => talk("after"));

test("why tells both hosts' parts of the story, in order", async () => {
  const why = await askLeea(world, ["why", "web"]);
  const decisions = (why["decisions"] as { decision: string; nodeId: string }[]).map(
    ({ decision, nodeId }) => `${nodeNameOf(nodeId)} ${decision}`,
  );
  expect(decisions).toEqual(
    expect.arrayContaining([
      "a created",
      "a started",
      "a move-begun",
      "b incoming",
      "a released",
      "b taken-over",
      "a moved-away",
    ]),
  );
  expect(decisions.indexOf("a released")).toBeLessThan(decisions.indexOf("b taken-over"));
  expect(why).toMatchObject({ state: "running", currentNode: nodeOf(world, "b").id, waits: [] });
  expect((why["hosts"] as { record: { role: string } }[]).map(({ record }) => record.role)).toEqual([
    "former",
    "owner",
  ]);
  expect((await runLeea(world, ["why", "web"], ["a"])).out).toMatch(/web is running on b/);
});

test("the next preview says that the VM moves back, and the next up moves it", async () => {
  await vm.refresh();
  expect((await vm.preview("a")).lines.join("\n")).toMatch(
    /moves live from b to a, because it is on b-\w+ and declared on a-\w+/,
  );
  await vm.update("a");
  expect(vm.outputs).toMatchObject({ currentNode: nodeOf(world, "a").id, state: "running" });
});

describe("a move that takes long", () => {
  beforeAll(() => vm.update("a", { migration: { maxBandwidth: "8Mbps" } }));

  const inPrecopy = () =>
    waitFor("the move to be in precopy", async () => (await status(0)).vms[0]?.operation?.phase === "precopy", 60_000);

  test("is in the lines of a watch, goes on when its program is interrupted, and another joins it", async () => {
    const watch = startLeea(world, ["status", "--watch"]);
    const first = startLeea(world, move("b"));
    await inPrecopy();
    await watch.said("vm web: moving on a, move-vm");
    watch.child.kill("SIGINT");
    await watch.ended;
    first.child.kill("SIGINT");
    const ended = await first.ended;
    expect(ended).toMatchObject({ status: 130, err: expect.stringMatching(/hosts go on .*leea cancel web/) });
    const [operation] = (await status()).vms.map((each) => each.operation);
    const second = startLeea(world, move("b"));
    await waitFor("joining", () => second.err().includes("runs already; this joins it"));
    const cancelled = await askLeea(world, ["cancel", "web"]);
    expect(cancelled).toMatchObject({ outcome: "cancelled", operationId: operation?.operationId });
    expect(await second.ended).toMatchObject({ status: 1, out: expect.stringContaining("was cancelled") });
    expect((await status()).vms).toMatchObject([{ state: "running", node: "a" }]);
    expect(await askLeea(world, ["cancel", "web"], 5)).toMatchObject({ outcome: "nothing-to-cancel" });
    await vm.booted("b");
  });
});

test("a person at a terminal types on the console as it is, and leaves it by its key", async () => {
  const console = startInTerminal(world, ["console", "web"]);
  await console.said("Ctrl-] leaves");
  console.child.stdin.write("at a terminal\r");
  await console.said("LEEA-GUEST-HEARD at a terminal");
  console.child.stdin.write("\u001d");
  expect(await console.ended).toMatchObject({ status: 0 });
});

test("the end of a cold move by hand is in the lines of a watch, and the VM starts on its new host", async () => {
  const watch = startLeea(world, ["status", "--watch"]);
  await watch.said("vm web: running on a");
  const moved = await askLeea(world, [...move("b"), "--cold"]);
  expect(moved).toMatchObject({ outcome: "moved", way: "cold", figures: { mode: "cold" } });
  await watch.said("vm web: running on b");
  watch.child.kill("SIGINT");
  await watch.ended;
  await vm.booted("a");
});

test("what is not there is told with what there is, and with the status that scripts read", async () => {
  expect(await runLeea(world, ["move", "wep", "b"])).toMatchObject({
    status: 3,
    err: expect.stringContaining('did you mean "web"?'),
  });
  expect(await runLeea(world, ["move", "web", "x"])).toMatchObject({
    status: 3,
    err: expect.stringContaining("There are: a, b"),
  });
  expect(await runLeea(world, ["move", "web", "b", "--cod"])).toMatchObject({ status: 2 });
});
