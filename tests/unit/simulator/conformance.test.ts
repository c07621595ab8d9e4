// The simulator's agents are models of the real ones. Each scenario here is played by both: the real code on both hosts,
// over fake QEMUs, must come to the end that the simulator's scenario of the same name is held to.

import type { VerbName } from "../../../provider/protocol/verbs";
import { type Fate, MoveWorld } from "../../fakes/move-world";
import { matrixScenarios, type Scenario } from "../../simulator/scenarios/matrix";
import { namedScenarios } from "../../simulator/scenarios/named";

type Break = (world: MoveWorld) => void;

const fates =
  (verb: VerbName, ...list: readonly Fate[]): Break =>
  (world) => {
    world.fate = (asked, count) => (asked === verb ? (list[count - 1] ?? "arrive") : "arrive");
  };

/** The first grant is lost, and at that moment these QEMUs die. */
const loseGrantAndKill =
  (...hosts: readonly ("a" | "b")[]): Break =>
  (world) => {
    world.fate = (verb, count) => {
      if (verb !== "grantMove" || count > 1) return "arrive";
      for (const host of hosts) world.qemu(host)?.end();
      return "lose";
    };
  };

/** Kills an agent once, after it has synced this role. */
const killAfter =
  (host: "a" | "b", role: string): Break =>
  (world) => {
    let isDone = false;
    world.onSync = (name, when, _, path) => {
      const isIt = name === host && when === "after" && path.includes("/records/") && world.record(host)?.role === role;
      if (!isIt || isDone) return;
      isDone = true;
      world.restart(host);
    };
  };

/** Records of the host cannot be written from the first act of one verb on, until another verb is asked. */
const fillDisk =
  (host: "a" | "b", from: VerbName, until: VerbName, times: number): Break =>
  (world) => {
    let isFull = false;
    let left = times;
    world.host(host).system.beforeAct = (act) => {
      if (isFull && act.startsWith("sync ")) throw new Error("ENOSPC: no space left on device");
    };
    world.fate = (verb) => {
      if (verb === from && left > 0) isFull = true;
      if (verb === until && isFull && --left <= 0) isFull = false;
      return "arrive";
    };
  };

const played: Readonly<Record<string, Break>> = {
  "the last acknowledgement is withheld after the destination has loaded: the source goes on by itself, alone": (
    world,
  ) => {
    world.wire.loseLastAck = true;
  },
  "the first grant is lost: it is sent again": fates("grantMove", "lose"),
  "the first two grants are lost": fates("grantMove", "lose", "lose"),
  "the grant's answer is lost: the destination has taken it": fates("grantMove", "mute"),
  "the grant is lost and the destination's QEMU dies before it is sent again": loseGrantAndKill("b"),
  "the grant is lost and the source's QEMU dies: only the destination has the memory, and gets the VM":
    loseGrantAndKill("a"),
  "the grant is lost and both QEMUs die: the guest starts from its disks on the source": loseGrantAndKill("a", "b"),
  "the end is never told to the destination": fates("finishMove", "lose"),
  "the preparation's answer is lost": fates("prepareMove", "mute"),
  "the exports are let go of, and the answer is lost": fates("settleDisks", "mute"),
  "the destination's disk is full for a minute when it is granted: the source gets its word once it can write":
    fillDisk("b", "grantMove", "abandonMove", 2),
  "the source's disk is full for a minute when it is to release: it goes back, and nobody was granted anything":
    fillDisk("a", "settleDisks", "readMove", 2),
  "live: the source's agent is killed after a sync released": killAfter("a", "released"),
  "live: the source's agent is killed after a sync former": killAfter("a", "former"),
  "live: the destination's agent is killed after b sync incoming": killAfter("b", "incoming"),
  "live: the destination's agent is killed after b sync owner": killAfter("b", "owner"),
};

const scenarios = new Map<string, Scenario>(
  [...namedScenarios(), ...[...matrixScenarios().values()].flat()].map((scenario) => [scenario.name, scenario]),
);

jest.setTimeout(60_000);

test.each(Object.entries(played))("real agents: %s", async (name, breakIt) => {
  const world = await MoveWorld.open();
  try {
    breakIt(world);
    const result = await world.move();
    const running = await world.runningInTheEnd();
    const owners = (["a", "b"] as const).filter((host) => world.record(host)?.role === "owner");
    const seen = { result, running, owners, violations: world.wire.violations };
    const { end } = scenarios.get(name) ?? {};
    expect(seen).toEqual({ result: end?.result, running: [end?.owner], owners: [end?.owner], violations: [] });
  } finally {
    await world.close();
  }
});
