// Changes -> the line that a person reads in preview: what happens to the VM, and why. Calm, whole, one sentence.

import type { Changes, FieldChange, Verdict } from "./changes";

/** How a VM moves: as declared, or `stopped` where it does not run and nothing is interrupted. */
export type MoveWay = "live" | "cold" | "stopped";

/** What the hosts answered before a move: they can and why, they cannot and why, or they could not be asked and why. */
export type Preflight =
  | { readonly state: "possible"; readonly grounds?: string }
  | { readonly state: "refused"; readonly reasons: readonly string[]; readonly offersCold?: boolean }
  | { readonly state: "unchecked"; readonly reason: string };

/** What to declare where a live move is refused and a cold one is possible. */
export const coldOffer = 'declare migration.mode: "cold" to shut it down, copy its disks and start it there';

/** A move in preview. Node ids; `to` is undefined while the host does not exist. */
export interface PlannedMove {
  readonly from: string;
  readonly to: string | undefined;
  readonly way: MoveWay;
  readonly preflight: Preflight;
}

/** The lines for one VM; none where nothing changes. `move` is given where the verdict is migrate. */
export function describePlan(name: string, plan: Changes, move?: PlannedMove): string[] {
  const notes = plan.warnings.map((warning) => `${name}: ${warning}`);
  if (plan.verdict === "none") return notes;
  if (plan.verdict === "migrate" && move !== undefined) return [...describeMove(name, plan.changes, move), ...notes];
  return [
    `${name}: ${actionOf(plan)}, because ${reasonsOf(plan.changes.filter(({ change }) => change !== "create-only"))}`,
    ...notes,
  ];
}

/** The name in a node id: what comes before the fingerprint. */
export function nodeNameOf(nodeId: string): string {
  return nodeId.replace(/-[a-z2-7]{8}$/, "");
}

/** What is said of a move of each way. */
const wayWords: Readonly<Record<MoveWay, { readonly verb: string; readonly act: string }>> = {
  live: { verb: "move live", act: "moves live" },
  cold: { verb: "move cold", act: "moves cold (shuts down, its disks are copied, it starts there)" },
  stopped: { verb: "move", act: "moves while stopped (its disks are copied)" },
};

function describeMove(name: string, changes: readonly FieldChange[], move: PlannedMove): string[] {
  const way = `from ${nodeNameOf(move.from)} to ${move.to === undefined ? "a host that is not known yet" : nodeNameOf(move.to)}`;
  const { verb, act } = wayWords[move.way];
  const { preflight } = move;
  if (preflight.state === "refused") {
    return [
      `${name}: cannot ${verb} ${way}:`,
      ...preflight.reasons.map((reason) => `${name}:   - ${reason}`),
      ...(preflight.offersCold === true ? [`${name}: it can move cold: ${coldOffer}`] : []),
    ];
  }
  const cause = reasonsOf(changes.filter(({ change }) => change === "migrate")).replace(
    /^node changed .*$/,
    "node changed",
  );
  const others = changes.filter(({ change }) => change === "restart");
  const then = others.length === 0 ? "" : `; then it restarts there, because ${reasonsOf(others)}`;
  const doubt = preflight.state === "unchecked" ? ` (hosts could not be checked: ${preflight.reason})` : "";
  const grounds = preflight.state === "possible" ? preflight.grounds : undefined;
  return [
    `${name}: ${act} ${way}, because ${cause}${then}${doubt}`,
    ...(grounds === undefined ? [] : [`${name}: it can ${verb}: ${grounds}`]),
  ];
}

const actions: Readonly<Record<Verdict, string>> = {
  none: "stays as it is",
  update: "goes on running and is updated",
  hotplug: "goes on running and is changed",
  restart: "restarts",
  migrate: "moves",
  replace: "is replaced",
};

function actionOf(plan: Changes): string {
  const power = plan.changes.find(({ field }) => field === "powerState");
  if (plan.verdict === "update" && power !== undefined)
    return /(->|declared) stopped/.test(power.reason) ? "shuts down" : "starts";
  return actions[plan.verdict];
}

function reasonsOf(changes: readonly FieldChange[]): string {
  return changes.map(({ reason }) => reason).join(", ");
}
