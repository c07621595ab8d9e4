// What a verdict changes, as a change of the two hosts' views: each step apart, because a crash may come between any two.
// It refuses what no agent may ever do, so that the rule cannot command it unnoticed.

import type { HostView } from "../../../../provider/model/recovery/recovery-view";
import type { HostAct, Verdict } from "../../../../provider/model/recovery/verdict";

/** Both hosts as they really are. */
export interface Pair {
  readonly source: HostView;
  readonly destination: HostView;
}

/** True where the guest may take steps: a mute QEMU may, where its record would let it. */
export function mayTakeSteps({ qemu, role }: HostView): boolean {
  return qemu === "running" || (qemu === "mute" && role === "owner");
}

/** The states that the pair goes through, the last one being the end. */
export function applySteps(pair: Pair, verdict: Verdict): readonly Pair[] {
  const order =
    verdict.first === "source" ? (["source", "destination"] as const) : (["destination", "source"] as const);
  const steps: Pair[] = [];
  let now = pair;
  for (const side of order) {
    for (const change of [syncRecord, touchGuest]) {
      now = { ...now, [side]: change(now[side], verdict[side], generationOf(side, verdict, pair)) };
      steps.push(now);
    }
  }
  return steps;
}

function generationOf(side: keyof Pair, verdict: Verdict, { source, destination }: Pair): number {
  const { record } = verdict[side];
  if (record === "former") return Math.max(source.generation + 1, destination.generation);
  if (side === "destination" && record === "owner") return source.generation + 1;
  return side === "source" ? source.generation : destination.generation;
}

function syncRecord(host: HostView, act: HostAct, generation: number): HostView {
  return act.record === undefined ? host : { ...host, role: act.record, generation };
}

function touchGuest(host: HostView, { guest }: HostAct): HostView {
  const permitted = host.role === "owner";
  switch (guest) {
    case "leave":
      return host;
    case "end":
      return { ...host, qemu: "absent" };
    case "stop":
      return { ...host, qemu: host.qemu === "running" ? "paused" : host.qemu };
    case "start":
      if (!permitted || host.qemu === "mute" || host.qemu === "running")
        throw new Error(`started: ${JSON.stringify(host)}`);
      return { ...host, qemu: "running" };
    case "continue":
      if (!permitted || ["inmigrate", "absent", "mute", "shutdown", "io-error"].includes(host.qemu))
        throw new Error(`continued: ${JSON.stringify(host)}`);
      return { ...host, qemu: "running" };
  }
}
