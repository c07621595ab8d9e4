// The rule over every combination of records, QEMUs and answers, also those that no crash can bring about: never two
// hosts that run the guest, never none where one can, and always an end.

import type { Role } from "../../../../provider/model/ownership";
import { decideRecovery } from "../../../../provider/model/recovery/decide-recovery";
import { type HostView, qemuStates, type RecoveryView } from "../../../../provider/model/recovery/recovery-view";
import type { Verdict } from "../../../../provider/model/recovery/verdict";
import { applySteps, mayTakeSteps, type Pair } from "./apply-verdict";

const roles: readonly (Role | "none")[] = ["owner", "incoming", "released", "former", "abandoned", "deleted", "none"];
const sourceGeneration = 2;
const circumstances = [true, false].flatMap((isGrantRefused) =>
  (["live", "cold"] as const).map((mode) => ({ mode, isGrantRefused, isUnderWay: false, isSilent: false })),
);

function* hosts(generations: readonly number[], moves: readonly boolean[]): Generator<HostView> {
  for (const role of roles)
    for (const generation of role === "none" ? [0] : generations)
      for (const qemu of qemuStates)
        for (const wantsToRun of [true, false])
          for (const ofThisMove of moves) yield { role, generation, qemu, wantsToRun, ofThisMove };
}

const sources = [...hosts([sourceGeneration], [false])];
const destinations = [...hosts([1, 2, 3, 4], [true, false])];

/** Every full combination; throws at the first one that `check` finds wrong, so that a million pass quickly. */
function forEvery(check: (pair: Pair, view: RecoveryView) => string | undefined): number {
  let count = 0;
  for (const source of sources)
    for (const destination of destinations)
      for (const circumstance of circumstances) {
        const view = { ...circumstance, source, destination };
        const problem = check({ source, destination }, view);
        if (problem !== undefined) throw new Error(`${problem}: ${JSON.stringify(view)}`);
        count += 1;
      }
  return count;
}

const running = ({ source, destination }: Pair): number => [source, destination].filter(mayTakeSteps).length;
const owners = ({ source, destination }: Pair): number =>
  [source, destination].filter(({ role }) => role === "owner").length;

/** Asks and applies until nothing changes. */
function settle(pair: Pair, view: RecoveryView): { end: Pair; verdict: Verdict } | undefined {
  let end = pair;
  for (let round = 0; round < 6; round += 1) {
    const verdict = decideRecovery({ ...view, ...end });
    const next = applySteps(end, verdict).at(-1) ?? end;
    if (JSON.stringify(next) === JSON.stringify(end)) return { end, verdict };
    end = next;
  }
  return undefined;
}

/** A guest that its owner wants, and that nothing of its own keeps from running. */
function canRun({ wantsToRun, qemu }: HostView, { mode }: RecoveryView): boolean {
  return wantsToRun && qemu !== "mute" && (qemu !== "shutdown" || mode === "cold") && qemu !== "io-error";
}

test("no combination, and no step of what it commands, lets two hosts run the guest", () => {
  const count = forEvery((pair, view) => {
    let before = running(pair);
    for (const step of applySteps(pair, decideRecovery(view))) {
      if (running(step) > Math.max(1, before)) return "a second one starts";
      before = Math.min(before, running(step));
    }
    return before > 1 && !isBeyondReach(pair, view) ? "two still run" : undefined;
  });
  expect(count).toBe(sources.length * destinations.length * circumstances.length);
  expect(count).toBeGreaterThan(600_000);
});

/** Two owners of one generation, no crash brings them about: the source is stopped, but a mute one cannot be. */
function isBeyondReach({ source }: Pair, view: RecoveryView): boolean {
  return source.qemu === "mute" && decideRecovery(view).why === "two-owners";
}

test("with both hosts in reach every combination comes to an end: one owner that runs, or a reason with a name", () => {
  const waits = new Set<string | undefined>();
  forEvery((pair, view) => {
    const settled = settle(pair, view);
    if (settled === undefined) return "no end";
    const { end, verdict } = settled;
    if (running(end) > 1 && !isBeyondReach(end, { ...view, ...end })) return "two run at the end";
    if (verdict.kind === "wait") {
      waits.add(verdict.why);
      return verdict.why === undefined ? "waits without a reason" : undefined;
    }
    const leftOver = [end.source, end.destination].find(({ role }) => role === "incoming" || role === "released");
    const isNowhere = end.source.role === "former" && end.destination.role !== "owner"; // it moved on to a third host
    if (leftOver !== undefined && !isNowhere && end.source.role === "released") return "left between the hosts";
    if (isNowhere) return undefined;
    if (owners(end) !== 1) return `${owners(end)} owners at the end`;
    const owner = [end.source, end.destination].find(({ role }) => role === "owner");
    return owner !== undefined && canRun(owner, view) && owner.qemu !== "running"
      ? "none runs, and one could"
      : undefined;
  });
  const named = ["source-mute", "two-owners", "source-outdated", "destination-forgot", "source-forgot"];
  expect(waits).toEqual(new Set([...named, "records-contradict"]));
});

test("a guest is started from its disks only where no memory of it is left to go on with", () => {
  forEvery((pair, view) => {
    const verdict = decideRecovery(view);
    if (verdict.source.guest !== "start" || pair.source.qemu === "inmigrate" || view.mode === "cold") return undefined;
    const isLoaded = pair.destination.qemu === "paused" && pair.destination.role === "incoming";
    const isReleased = pair.source.role === "released";
    return pair.source.qemu !== "absent" || (isLoaded && isReleased) ? "memory was thrown away" : undefined;
  });
});

test("a host that is alone in reach never does what the other one's answer could forbid", () => {
  const unseen = {
    ...circumstances[0],
    isSilent: true,
    mode: "live",
    isGrantRefused: false,
    isUnderWay: false,
  } as const;
  const harmless = ["leave", "stop", "end"];
  for (const source of sources.filter(({ role }) => role !== "owner")) {
    const verdict = decideRecovery({ ...unseen, source, destination: "unreachable" });
    expect(harmless).toContain(verdict.source.guest);
    expect(verdict.source.record).toBeUndefined();
    expect(verdict.why === "destination-unreachable").toBe(source.role !== "former");
  }
  for (const destination of destinations) {
    const verdict = decideRecovery({ ...unseen, source: "unreachable", destination });
    expect(destination.role === "owner" || harmless.includes(verdict.destination.guest)).toBe(true);
    expect(verdict.destination.record ?? "abandoned").toBe("abandoned");
  }
});

test("nobody is judged while the source's agent drives the move, and nobody when neither answers", () => {
  forEvery((_, view) => {
    const verdict = decideRecovery({ ...view, isUnderWay: true });
    return verdict.why === "move-under-way" ? undefined : "judged";
  });
  const neither = { source: "unreachable", destination: "unreachable" } as const;
  for (const circumstance of circumstances)
    expect(decideRecovery({ ...circumstance, ...neither })).toMatchObject({ kind: "wait", why: "nobody-reachable" });
});
