// Fuzzes what QEMU says, at the client and in whole moves of the agent's real code: every call and every move ends, with a typed
// error where it does not succeed, nothing is thrown that nobody catches, and no move counts as done that was not.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { connectQmp } from "../../../provider/agent/qmp/qmp-client";
import { errorCodes, isLeeaError } from "../../../provider/model/errors";
import { FakeMonitor } from "../../fakes/fake-monitor";
import { MoveWorld } from "../../fakes/move-world";
import { seeded, whileTime } from "../../fuzz/seeded";
import { arbitrarySpoiling, type Spoilt, spoilLines } from "../../fuzz/spoil-qmp";
import { watchStrays } from "../../fuzz/watch-strays";

jest.setTimeout(Number(process.env["FUZZ_RUNS"] ?? 0) * 1_000 + 60_000);

const strays = watchStrays();

afterEach(() => expect(strays).toEqual([]));

const status = { status: "running", running: true };
const answers: Readonly<Record<string, unknown>> = {
  "query-status": status,
  "query-migrate": {
    status: "active",
    ram: {
      transferred: 1,
      remaining: 0,
      total: 1,
      mbps: 1,
      "dirty-pages-rate": 0,
      "dirty-sync-count": 1,
      "page-size": 4096,
    },
  },
  "query-block-jobs": [{ device: "m", type: "mirror", len: 1, offset: 1, ready: true, status: "ready" }],
};

test("whatever a monitor says, each call ends with its answer or a typed error, and the client with the connection", async () => {
  const folder = mkdtempSync(join(tmpdir(), "leea-qmp-fuzz-"));
  let count = 0;
  const property = fc.asyncProperty(
    arbitrarySpoiling(14),
    whileTime(4_000, async (spoiling) => {
      count += 1;
      const path = join(folder, `${count}.sock`);
      const monitor = new FakeMonitor([path], (command) => answers[command] ?? {});
      monitor.rewrite = spoilLines(spoiling);
      try {
        const outcomes = await talk(path, () => monitor.tell({ event: "STOP", data: {}, timestamp: {} }));
        for (const outcome of outcomes)
          if (outcome.status === "rejected" && !isLeeaError(outcome.reason)) throw outcome.reason;
        const unsound = pair(outcomes).filter(
          ({ command, outcome }) => outcome.status === "fulfilled" && !isSound(command, outcome.value),
        );
        expect(unsound).toEqual([]);
      } finally {
        monitor.close();
      }
    }),
  );
  await fc.assert(property, seeded("fuzz/qmp-replies", 400));
  rmSync(folder, { recursive: true });
});

const commands = [
  "query-status",
  "query-migrate",
  "query-block-jobs",
  "cont",
  "query-status",
  "query-migrate",
] as const;

/** Six calls at once with events between; a monitor that cannot be opened ends in one typed error. */
async function talk(path: string, tell: () => void): Promise<readonly PromiseSettledResult<unknown>[]> {
  const client = await connectQmp(path, { timeoutMs: 100 }).catch((error: unknown) => error as Error);
  if (client instanceof Error) return [{ status: "rejected", reason: client }];
  const calls = commands.map((command) => client.execute(command, {}, { timeoutMs: 100 }));
  tell();
  const outcomes = await Promise.allSettled(calls);
  client.close();
  await client.closed;
  return outcomes;
}

function pair(outcomes: readonly PromiseSettledResult<unknown>[]) {
  return outcomes.length === 1 ? [] : outcomes.map((outcome, index) => ({ command: commands[index] ?? "", outcome }));
}

/** A fulfilled call gave fields of the right types. Which values, only QEMU knows. */
function isSound(command: string, value: unknown): boolean {
  const { status: state, running } = (value ?? {}) as { status?: unknown; running?: unknown }; // nobody reads what `cont` gives
  if (command === "query-status") return typeof state === "string" && typeof running === "boolean";
  if (command === "query-block-jobs")
    return (value as { device: unknown }[]).every(({ device }) => typeof device === "string");
  return command !== "query-migrate" || state === undefined || typeof state === "string";
}

describe("a move with a QEMU that speaks otherwise", () => {
  /** Deadlines of the code pass so many times faster: a lost answer costs 10 s of them. */
  const haste = 40;
  const realNow = performance.now.bind(performance);
  const realTimeout = globalThis.setTimeout;

  beforeAll(() => {
    jest.spyOn(performance, "now").mockImplementation(() => realNow() * haste);
    const quick = (act: () => void, timeMs = 0, ...rest: []) =>
      realTimeout(act, timeMs > 20 ? timeMs / haste : timeMs, ...rest);
    Object.assign(globalThis, { setTimeout: quick });
  });
  afterAll(() => {
    jest.restoreAllMocks();
    Object.assign(globalThis, { setTimeout: realTimeout });
  });

  test("ends, with one host that may run the VM, and never counts as done when it was not", async () => {
    const side = fc.constantFrom("a" as const, "b" as const);
    const property = fc.asyncProperty(side, arbitrarySpoiling(40), whileTime(8_000, moveWhileSpoilt));
    await fc.assert(property, seeded("fuzz/qmp-replies", 150));
  });
});

const startedAtMs = Date.now();

async function moveWhileSpoilt(side: "a" | "b", spoiling: readonly Spoilt[]): Promise<void> {
  const world = await MoveWorld.open();
  try {
    for (const { system } of world.hosts.values()) system.clockMs = () => startedAtMs + performance.now();
    const source = world.qemu("a");
    const rewrite = spoilLines(spoiling);
    if (side === "a") source?.speakAs(rewrite);
    else world.onQemu = (qemu) => void (qemu.host === "b" && qemu.speakAs(rewrite));
    const [memory, disk] = [source?.memory, source?.disks.get("disk-0")];
    const state = await world.move();
    expect(world.wire.violations).toEqual([]);
    if (state === "succeeded") expectMoved(world, memory, disk);
    else expectTyped(world);
    const owners = (["a", "b"] as const).filter((name) => world.record(name)?.role === "owner");
    expect(owners).toHaveLength(1);
    if (strays.length > 0) throw strays[0];
  } finally {
    await world.close();
  }
}

function expectMoved(world: MoveWorld, memory: string | undefined, disk: string | undefined): void {
  expect(world.running()).toEqual(["b"]);
  expect(world.record("a")?.role).toBe("former");
  expect([world.qemu("b")?.memory, world.qemu("b")?.disks.get("disk-0")]).toEqual([memory, disk]);
}

function expectTyped(world: MoveWorld): void {
  const { error } = world.agent("a").agent.operations.get(world.moveId);
  expect(Object.keys(errorCodes)).toContain(error?.code);
  expect(error?.code).not.toBe("INTERNAL");
}
