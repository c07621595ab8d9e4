// Creates under trouble on the way to the host: thirty at once (F18), an SSH connection that drops, and a provider's wish
// that comes twice (F17). OpenSSH drops logins from ten unauthenticated connections on (MaxStartups 10:30:100).

import { vmHandler } from "../../../provider/controller/handlers/vm";
import { runInside } from "../../e2e/enter-lab";
import { checkVm, declareVm, listVmTraces, makeNode } from "../../e2e/trouble/trouble-rig";
import { closeWorld, openWorld, type World } from "../../e2e/world/world";
import { CopiesWatch } from "../watch/copies-watch";
import { findProcesses, signalProcess } from "../world/find-processes";

jest.setTimeout(180_000);

const count = 30;
let world: World;

beforeAll(async () => {
  world = await openWorld("many-creates", ["a"]);
  await makeNode(world, "a");
});

afterAll(() => closeWorld(world));

async function create(name: string, fields: Record<string, unknown> = {}) {
  const inputs = await checkVm(world, declareVm(world, name, "a", fields));
  const { id, outputs } = await vmHandler.create(inputs, world.context, () => undefined);
  return { id, known: { inputs, outputs } };
}

/** SSH sessions of the host: sshd's processes after their login. */
const sessions = () => findProcesses(world.lab, "a", (argv) => /^sshd: root(@|$)/.test(argv.join(" ")));

test("thirty creates at once go over one SSH connection, and all succeed", async () => {
  const stopped = { powerState: "stopped", disks: [{ name: "root", size: "1MiB" }] };
  const names = Array.from({ length: count }, (_, index) => `many-${index}`);
  let most = 0;
  const watch = setInterval(() => (most = Math.max(most, sessions().length)), 50);
  const made = await Promise.all(names.map((name) => create(name, stopped))).finally(() => clearInterval(watch));
  expect(new Set(made.map(({ id }) => id)).size).toBe(count);
  expect(most).toBe(1);
  await Promise.all(made.map(({ id, known }) => vmHandler.delete(id, known, world.context)));
  expect(await listVmTraces(world, "a")).toBe("");
});

test("a create whose SSH connection drops in the middle goes on, and makes one VM", async () => {
  let dropped = 0;
  world.onProgress = ({ phase }) => {
    if (phase !== "launch" || dropped > 0) return;
    for (const { pid } of sessions()) {
      dropped += 1;
      signalProcess(pid, "SIGKILL");
    }
  };
  const made = await create("dropped").finally(() => (world.onProgress = () => undefined));
  expect(dropped).toBeGreaterThan(0);
  expect(made.known.outputs).toMatchObject({ state: "running" });
  await expectOneQemu(made.id);
  await vmHandler.delete(made.id, made.known, world.context);
});

test("the same create twice at once makes one VM, and both hear of it", async () => {
  const [one, other] = await Promise.all([create("twice"), create("twice")]);
  expect(other.id).toBe(one.id);
  expect(other.known.outputs).toMatchObject({ state: "running" });
  await expectOneQemu(one.id);
  await vmHandler.delete(one.id, other.known, world.context);
  expect(await runInside(world.lab, "a", "ls /var/lib/leea/vm 2>/dev/null || true")).toBe("");
});

async function expectOneQemu(vmId: string): Promise<void> {
  const look = new CopiesWatch(vmId, () => world.lab);
  expect(look.living().length + look.flaws.length).toBe(1);
  look.stop();
}
