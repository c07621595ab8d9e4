// One run: a move, a fault at its instant, and the judgement. A run never throws for what the product did wrong: it says so.

import { runInside } from "../../e2e/enter-lab";
import { waitFor } from "../../e2e/world/wait-for";
import { nodeOf, type World, withAgent } from "../../e2e/world/world";
import type { ArmedFault, FaultKind, FaultSite } from "../kinds/fault-kind";
import { converge, wordsOf } from "../world/converge";
import { type FaultHost, type FaultWorld, otherHost } from "../world/fault-world";
import { type Moment, Moments, moments, readRoleOn } from "../world/moments";
import { startProvider } from "../world/provider-process";
import { countLostWrites, describeDoubleRuns, judgeRun, type Verdict } from "./judge-run";
import { PhaseClock } from "./phase-clock";
import { findQemuDefect } from "./qemu-defect";

/** When a fault strikes: at an instant that the move passes, or a time after the source's agent took the move, in ms. */
export type Instant = Moment | number;

/** What is to be done. */
export interface RunPlan {
  readonly kind: FaultKind;
  readonly instant: Instant;
}

/** What came of it. `struck` is false when the instant never came, or there was nothing to harm. */
export interface RunResult extends Verdict {
  readonly from: FaultHost;
  readonly to: FaultHost;
  readonly struck: boolean;
  readonly passed: readonly Moment[];
  /** What the provider said; absent when it reported a move that had succeeded. */
  readonly failure: string | undefined;
  /** Runs of `up` until nothing differed; undefined when two were not enough. */
  readonly convergedAfter: number | undefined;
  readonly words: readonly string[];
  /** What QEMU itself died of, where that is a defect of its own. */
  readonly qemuDefect?: string;
  readonly tookMs: number;
  /** Where the time went, in words. */
  readonly phases: string;
}

const moveLimitMs = 240_000;
const strikeLimitMs = 30_000;

/** Moves the VM to the other host, strikes, lets everything come to rest, and judges. */
export async function runOnce(opened: FaultWorld, { kind, instant }: RunPlan): Promise<RunResult> {
  const startedAtMs = Date.now();
  const clock = new PhaseClock();
  const from = whereIs(opened);
  const to = otherHost(from);
  opened.copies.begin();
  const { strikes, failure, passed } = await moveUnderFault(opened, { kind, instant }, { from, to, clock });
  // What a host synced as its power went, nobody outside could hear any more; its disk tells.
  const owned = kind.victim === "destination" && readRoleOn(opened, to) === "owner";
  await comeToRest(opened, clock);
  const { converged, runs, words } = await clock.of("converge", () => converge(opened.vm, to));
  const qemuDefect = await findQemuDefect(opened, from, startedAtMs);
  const isKilled = strikes !== undefined && killedTheGuest(kind, owned || hasArrived(opened, to, passed, strikes));
  const mayBoot = isKilled || qemuDefect !== undefined;
  const verdict = converged ? await judgeRun(opened, to, { mayBoot, clock }) : await judgeUnconverged(opened);
  const convergedAfter = converged ? runs : undefined;
  const took = { tookMs: Date.now() - startedAtMs, phases: clock.tell() };
  const told = { passed, failure, words, ...(qemuDefect === undefined ? {} : { qemuDefect }), ...took };
  return { ...verdict, from, to, struck: strikes !== undefined, convergedAfter, ...told };
}

interface Moved {
  /** When the fault struck, on this machine's clock; undefined when it did not. */
  readonly strikes: number | undefined;
  readonly failure: string | undefined;
  readonly passed: readonly Moment[];
}

async function moveUnderFault(
  opened: FaultWorld,
  { kind, instant }: RunPlan,
  { from, to, clock }: { readonly from: FaultHost; readonly to: FaultHost; readonly clock: PhaseClock },
): Promise<Moved> {
  const provider: { kill?: () => void } = {};
  const site: FaultSite = { opened, from, to, killProvider: () => provider.kill?.() };
  const armed = await clock.of("arm", () => kind.arm(site));
  const striking = strikeOnce(armed);
  let timer: NodeJS.Timeout | undefined;
  const told = new Moments(opened, from, (moment) => {
    if (typeof instant === "string" && hasCome(instant, moment)) striking.now();
    if (typeof instant === "number") timer ??= setTimeout(() => striking.now(), instant);
  });
  const failure = await clock
    .of("move", () => within(moveLimitMs, move(opened, to, kind, provider)))
    .then(
      () => undefined,
      (error: unknown) => wordsOf(error),
    );
  if (failure === undefined) told.pass("leave");
  clearTimeout(timer);
  told.stop();
  const strikes = await clock.of("strike", () => striking.done());
  await clock.of("heal", async () => armed.heal?.());
  return { strikes, failure, passed: told.passed };
}

/** The stream tells the latest phase only, so a short one may pass untold: then the next instant is the one. */
function hasCome(wanted: Moment, passed: Moment): boolean {
  return moments.indexOf(passed) >= moments.indexOf(wanted);
}

async function move(
  opened: FaultWorld,
  to: FaultHost,
  kind: FaultKind,
  provider: { kill?: () => void },
): Promise<void> {
  if (kind.needsProviderProcess !== true) return opened.vm.update(to);
  const process = startProvider(opened.vm, to);
  provider.kill = () => process.kill();
  await process.done;
}

/** Strikes at the first call; `done` gives when, once the strike is over. */
function strikeOnce(armed: ArmedFault): { now(): void; done(): Promise<number | undefined> } {
  let struck: { readonly atMs: number; readonly hit: Promise<boolean> } | undefined;
  return {
    now: () => {
      struck ??= { atMs: Date.now(), hit: Promise.resolve(armed.strike()) };
      struck.hit.catch(() => undefined); // told by done()
    },
    done: async () => {
      if (struck === undefined) return undefined;
      return (await within(strikeLimitMs, struck.hit)) ? struck.atMs : undefined;
    },
  };
}

/** Agents that died are started again, as a service manager would, and an operation without a provider ends by itself. */
async function comeToRest(opened: FaultWorld, clock: PhaseClock): Promise<void> {
  const { world, vm } = opened;
  const answers = (name: string) => withAgent(world, name, (session) => session.call("getHealth", {}));
  await clock.of("agents", () => Promise.all(world.lab.hosts.map(({ name }) => answers(name))));
  const isAtRest = async (host: string): Promise<boolean> =>
    withAgent(world, host, async (session) => {
      const answer = await session.call("getVm", { params: { vmId: vm.id } });
      return answer.found !== "here" || answer.report.operationId === undefined;
    });
  const rest = (host: string): Promise<unknown> =>
    waitFor(`the end of the operation on ${host}`, () => isAtRest(host), 60_000).catch(() => undefined); // the next `up` says why
  await clock.of("mesh", () => waitForMesh(world));
  await clock.of("rest", () => Promise.all(["a", "b"].map(rest)));
}

/** A cut cable, or a boot, takes the mesh some seconds to route around and back. */
async function waitForMesh(world: World): Promise<void> {
  const address = String(nodeOf(world, "b").known.outputs["meshAddress"]);
  const answers = (): Promise<boolean> =>
    runInside(world.lab, "a", `ping -c 1 -W 1 ${address} >/dev/null && echo yes || echo no`).then(
      (word) => word === "yes",
    );
  await waitFor("the mesh between a and b", answers, 60_000);
}

/** A guest dies with the process that it runs in; it need not die with the one that it has left or not reached. */
function killedTheGuest(kind: FaultKind, isThere: boolean): boolean {
  return kind.victim === "destination" ? isThere : kind.victim === "source" && !isThere;
}

/**
 * Whether the guest had come to the destination by then: it ran there, or the destination had synced that it owns it. One
 * that died between that and the guest's first step cannot tell that it never ran, so nobody else may run that memory.
 */
function hasArrived(opened: FaultWorld, to: FaultHost, passed: readonly Moment[], atMs: number): boolean {
  const ran = opened.copies.times.all().some((time) => time.host === to && time.fromMs <= atMs + 50);
  return ran || passed.includes("granted");
}

/** The data must be on one of the hosts even so. */
async function judgeUnconverged(opened: FaultWorld): Promise<Verdict> {
  const lost = await Promise.all((["a", "b"] as const).map((host) => countLostWrites(opened, host)));
  const trouble = ["two runs of `up` did not converge"];
  return { doubleRuns: describeDoubleRuns(opened), lostWrites: Math.min(...lost), trouble };
}

function whereIs(opened: FaultWorld): FaultHost {
  const { currentNode } = opened.vm.outputs;
  return nodeOf(opened.world, "a").id === currentNode ? "a" : "b";
}

async function within<T>(limitMs: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`it did not end within ${limitMs / 1000} s`)), limitMs);
  });
  return Promise.race([work, limit]).finally(() => clearTimeout(timer));
}

/** True when nothing was wrong. */
export function isSound(result: RunResult): boolean {
  return (
    result.doubleRuns.length + result.lostWrites + result.trouble.length === 0 && result.convergedAfter !== undefined
  );
}
