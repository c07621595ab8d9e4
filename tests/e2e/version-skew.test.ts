// Agents of two versions in one mesh: this one, and the previous one, built from its commit. A VM moves between them both ways
// with its guest running on, and no agent is replaced under a move. The tests are steps of one story, in order.

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { takeLink } from "../../provider/controller/host-pool";
import { openHost } from "../../provider/controller/host-session";
import { bundledAgentHash, bundleFolder } from "../../provider/controller/install/agent-bundle";
import { installAgent } from "../../provider/controller/install/install-agent";
import { probeHost } from "../../provider/controller/install/probe-host";
import { describeError } from "../../provider/model/errors";
import { protocolVersion } from "../../provider/protocol/version";
import { runInside } from "./enter-lab";
import { olderAgentBundle } from "./world/older-agent";
import { createVm, type TrackedVm } from "./world/tracked-vm";
import { closeWorld, connectionTo, joinInARow, nodeOf, openWorld, type World, withAgent } from "./world/world";

jest.setTimeout(240_000);

/** The last commit whose agent speaks protocol 1. */
const previous = "ffcf7bab7f06132b53c253036c2265b7e3c0007b";
const present = process.env["LEEA_AGENT_BUNDLE"] ?? "";
let world: World;
let vm: TrackedVm;
let bootId: string;
let older: string;

beforeAll(async () => {
  older = await olderAgentBundle(previous);
  world = await openWorld("skew", ["a", "b"]);
  await joinInARow(world, ["a", "b"]);
  await putOlderAgentOn("b");
});

afterAll(async () => {
  process.env["LEEA_AGENT_BUNDLE"] = present;
  await closeWorld(world);
});

const healthOf = (host: string) => withAgent(world, host, (session) => session.call("getHealth", {}));

/** As the provider of that version would have. */
async function putOlderAgentOn(host: string): Promise<void> {
  process.env["LEEA_AGENT_BUNDLE"] = older;
  process.env["LEEA_ALLOW_AGENT_DOWNGRADE"] = "1";
  try {
    (await openHost(connectionTo(world, host), { install: "upgrade" })).close();
  } finally {
    process.env["LEEA_AGENT_BUNDLE"] = present;
    delete process.env["LEEA_ALLOW_AGENT_DOWNGRADE"];
  }
}

/** The older agent may look at QEMU a moment before its end and leave the guest where it is: a defect of that version; the next run moves it. */
async function comeFromOlder(move: () => Promise<unknown>): Promise<void> {
  for (let runs = 1; ; runs += 1)
    try {
      await move();
      return;
    } catch (error) {
      if (runs === 3 || !/stands at finish-migrate\/completed/.test(describeError(error))) throw error;
    }
}

async function expectWhole(from: string): Promise<void> {
  await vm.wroteMore(from, 20);
  const { disks, memory } = await vm.ask(from, "verify");
  expect([disks[0]?.bad, memory.bad]).toEqual([0, 0]);
  expect((await vm.ask(from, "status")).bootId).toBe(bootId);
}

test("the two agents are of the two versions", async () => {
  const [a, b] = [await healthOf("a"), await healthOf("b")];
  expect([a.protocol, b.protocol]).toEqual([protocolVersion, 1]);
  expect(b.bundleHash).toBe(createHash("sha256").update(readFileSync(older)).digest("hex"));
});

test("a VM is made on the older one, and what that one does not know is left out and said", async () => {
  const fields = { disks: [{ name: "root", size: "64MiB" }], restart: "always" };
  vm = await createVm(world, "web", "b", { guest: "leea.write=50 leea.dirty=2 leea.ws=16", fields });
  expect(world.notes.join("\n")).toMatch(
    /web: the agent on .* is older \(protocol 1\) and does not know spec\.restart/,
  );
  bootId = await vm.booted("a");
  await expectWhole("a");
});

test("it moves live from the older agent to the newer one", async () => {
  await comeFromOlder(() => vm.update("a", { restart: "always" }));
  expect(vm.outputs).toMatchObject({
    currentNode: nodeOf(world, "a").id,
    state: "running",
    generation: 2,
    lastMigration: { mode: "live", from: nodeOf(world, "b").id },
  });
  await expectWhole("b");
});

test("and back from the newer one to the older one, and preview and the host say what is left out", async () => {
  // Written anew on the newer agent, which knows it.
  await vm.update("a", { restart: "always", vcpus: 1 });
  await withAgent(world, "a", async (session) => {
    const answer = await session.call("getVm", { params: { vmId: vm.id } });
    if (answer.found !== "here") throw new Error("the VM is not on a");
    const { spec, owner, logicalName } = answer.report;
    const body = { operationId: "skew-put-0001", owner, logicalName, creating: false, allowDataLoss: false };
    await session.follow(
      await session.call("putVm", { params: { vmId: vm.id }, body: { ...body, spec: { ...spec, restart: "always" } } }),
    );
  });
  const { lines } = await vm.preview("b", { restart: "always" });
  expect(lines.join("\n")).toMatch(/web: moves live from a to b.*is older \(protocol 1\).*record\.spec\.restart/s);
  await vm.update("b", { restart: "always" });
  expect(vm.outputs).toMatchObject({ currentNode: nodeOf(world, "b").id, state: "running", generation: 3 });
  await expectWhole("a");
  const { decisions } = await withAgent(world, "a", (session) =>
    session.call("getDecisions", { params: { vmId: vm.id } }),
  );
  const told = decisions.find(({ decision }) => decision === "moves-to-older-agent");
  expect(told?.because.join()).toContain("record.spec.restart");
});

test("a VM made on the newer agent runs on in the older one's larger machine, and comes back in it", async () => {
  const portsOn = async (host: string, vmId: string) =>
    Number(await runInside(world.lab, host, `pgrep -fa "[g]uest=leea-${vmId}" | grep -o '"pcie-root-port"' | wc -l`));
  const fields = { disks: [{ name: "root", size: "64MiB" }] };
  const born = await createVm(world, "born", "a", { guest: "leea.write=50 leea.dirty=2 leea.ws=16", fields });
  const itsBoot = await born.booted("a");
  const ports = [await portsOn("a", born.id)];
  for (const [host, asked] of [
    ["b", "a"],
    ["a", "b"],
  ] as const) {
    await (host === "a" ? comeFromOlder(() => born.update(host)) : born.update(host));
    await born.wroteMore(asked, 20);
    const { disks, memory } = await born.ask(asked, "verify");
    expect([disks[0]?.bad, memory.bad, (await born.ask(asked, "status")).bootId]).toEqual([0, 0, itsBoot]);
    ports.push(await portsOn(host, born.id));
  }
  expect(ports).toEqual([9, 16, 16]);
  await born.destroy();
});

test("no agent is replaced while a VM moves from or to it, by whoever asks", async () => {
  await comeFromOlder(() => vm.update("a")); // to the newer agent, from which the slow move goes
  const pids = [(await healthOf("a")).pid, (await healthOf("b")).pid];
  const refusals: unknown[] = [];
  // Long enough to be asked in, and sure to end: at this rate the default limit leaves fewer pages than the guest may write.
  const slow = { migration: { maxBandwidth: "50Mbps", downtimeLimit: "1s" } };
  await vm.update("a", slow);
  let asked: Promise<void> | undefined;
  world.onProgress = ({ phase }) => {
    if (phase === "precopy") asked ??= askForUpgrades(refusals);
  };
  await vm.update("b", slow);
  world.onProgress = () => undefined;
  await asked;
  expect(refusals).toHaveLength(4);
  for (const refusal of refusals)
    expect(refusal).toMatchObject({ code: "NOT_ALLOWED_NOW", details: { movesRunning: 1 } });
  expect([(await healthOf("a")).pid, (await healthOf("b")).pid]).toEqual(pids);
  expect(vm.outputs).toMatchObject({ currentNode: nodeOf(world, "b").id, state: "running" });
  await expectWhole("a");
});

/** The provider's own look, and the script on the host for one that looked before the move began; on both hosts at once. */
async function askForUpgrades(refusals: unknown[]): Promise<void> {
  const bundles = { a: older, b: present };
  process.env["LEEA_ALLOW_AGENT_DOWNGRADE"] = "1";
  for (const host of ["a", "b"] as const) {
    process.env["LEEA_AGENT_BUNDLE"] = bundles[host];
    const { link, release } = takeLink(connectionTo(world, host));
    try {
      const hash = bundledAgentHash();
      const probe = await probeHost(link, { folder: bundleFolder(hash), hash });
      const asks = [
        openHost(connectionTo(world, host), { install: "upgrade" }),
        installAgent(link, probe, () => undefined),
      ];
      for (const ask of await Promise.allSettled(asks))
        refusals.push(ask.status === "rejected" ? ask.reason : "an agent was replaced");
    } finally {
      release();
    }
  }
  process.env["LEEA_AGENT_BUNDLE"] = present;
  delete process.env["LEEA_ALLOW_AGENT_DOWNGRADE"];
}

test("when the move has ended, two providers at once upgrade the older agent once, and the VM runs on", async () => {
  const qemu = await runInside(world.lab, "b", `pgrep -f "[g]uest=leea-${vm.id}"`);
  const ways = [connectionTo(world, "b"), { ...connectionTo(world, "b"), user: "ops" }];
  const opened = await Promise.all(ways.map((way) => openHost(way, { install: "upgrade" })));
  const healths = await Promise.all(opened.map((session) => session.call("getHealth", {})));
  for (const session of opened) session.close();
  expect(new Set(healths.map(({ pid }) => pid)).size).toBe(1);
  expect(healths[0]).toMatchObject({ protocol: protocolVersion, bundleHash: bundledAgentHash() });
  expect(await runInside(world.lab, "b", `pgrep -f "[g]uest=leea-${vm.id}"`)).toBe(qemu);
  await expectWhole("a");
});
