// One live move as a state machine without time: every step of the protocol, every death, every message that is sent,
// lost, late or doubled, and both agents asking the rule whenever they may. Small enough to walk through all of it.

import { decideRecovery } from "../../../../provider/model/recovery/decide-recovery";
import type { HostView, QemuState, RecoveryView } from "../../../../provider/model/recovery/recovery-view";
import { applySteps, type Pair } from "./apply-verdict";

/** Both hosts, who drives, and what is on its way: a message once sent may arrive at any later moment, or never. */
export interface MoveState extends Pair {
  readonly isDriven: boolean;
  readonly isGrantSent: boolean;
  readonly isAbandonSent: boolean;
}

const host: HostView = { role: "owner", generation: 1, qemu: "running", wantsToRun: true, ofThisMove: true };

/** Before the move: the guest runs on the source, the destination knows nothing. */
export const beginning: MoveState = {
  source: { ...host, ofThisMove: false },
  destination: { ...host, role: "none", generation: 0, qemu: "absent" },
  isDriven: true,
  isGrantSent: false,
  isAbandonSent: false,
};

/** Every state that may follow a state. */
export function nextStates(state: MoveState): readonly MoveState[] {
  return [...protocolSteps(state), ...deaths(state), ...arrivals(state), ...recoveries(state)];
}

function protocolSteps(state: MoveState): readonly MoveState[] {
  const { source: s, destination: d, isDriven } = state;
  const source = (change: Partial<HostView>): MoveState => ({ ...state, source: { ...s, ...change } });
  const destination = (change: Partial<HostView>): MoveState => ({ ...state, destination: { ...d, ...change } });
  const next: MoveState[] = [];
  if (isDriven) next.push({ ...state, isDriven: false });
  if (isDriven && s.role === "owner" && s.qemu === "running") {
    if (d.role === "none") next.push(destination({ role: "incoming", generation: 1 }));
    if (d.role === "incoming" && d.qemu === "absent") next.push(destination({ qemu: "inmigrate" }));
    if (d.qemu === "inmigrate") next.push(source({ qemu: "finish-migrate" }));
  }
  if (isDriven && s.qemu === "finish-migrate") next.push(source({ qemu: "device" }));
  if (s.qemu === "device") {
    next.push(source({ qemu: "running" })); // the stream breaks, or its last acknowledgement is lost
    if (d.qemu === "inmigrate") next.push(destination({ qemu: "paused" }));
    if (d.qemu === "paused") next.push(source({ qemu: "postmigrate" }));
  }
  if (isDriven && s.role === "owner" && s.qemu === "postmigrate") next.push(source({ role: "released" }));
  if (isDriven && s.role === "released") next.push({ ...state, isGrantSent: true });
  if (s.role === "released" && d.role === "owner") next.push(source({ role: "former", generation: 2 }));
  if (s.role === "former") next.push(source({ qemu: "absent" }));
  if (d.role === "owner" && d.qemu === "paused") next.push(destination({ qemu: "running" }));
  return next;
}

/** Death of a QEMU, as by its own fault or with its host's power; records are synced and survive both. */
function deaths(state: MoveState): readonly MoveState[] {
  return (["source", "destination"] as const).map((side) => ({ ...state, [side]: { ...state[side], qemu: "absent" } }));
}

function arrivals(state: MoveState): readonly MoveState[] {
  const { destination, isGrantSent, isAbandonSent } = state;
  if (destination.role !== "incoming") return [];
  const owner: HostView = { ...destination, role: "owner", generation: 2 };
  const abandoned: HostView = { ...destination, role: "abandoned" };
  return [
    ...(isGrantSent && destination.qemu === "paused" ? [{ ...state, destination: owner }] : []),
    ...(isAbandonSent
      ? [
          { ...state, destination: abandoned },
          { ...state, destination: { ...abandoned, qemu: "absent" as QemuState } },
        ]
      : []),
  ];
}

/** What the rule may be shown: by the source's agent, by the destination's, each with and without the other's answer. */
export function viewsOf(state: MoveState): readonly RecoveryView[] {
  const whole = {
    mode: "live",
    source: state.source,
    destination: state.destination,
    isUnderWay: state.isDriven,
  } as const;
  const flags = [true, false].flatMap((isSilent) =>
    [true, false].map((isGrantRefused) => ({ isSilent, isGrantRefused })),
  );
  return flags.flatMap((flag) => [
    { ...whole, ...flag },
    { ...whole, ...flag, source: "unreachable" as const },
    ...(state.isDriven ? [] : [{ ...whole, ...flag, destination: "unreachable" as const }]),
  ]);
}

/** Each prefix of what a verdict commands: the agent may die between any two. The other host is told by a message. */
function recoveries(state: MoveState): readonly MoveState[] {
  const next: MoveState[] = [];
  for (const view of viewsOf(state)) {
    const verdict = decideRecovery(view);
    const pair = { source: state.source, destination: state.destination };
    if (view.source === "unreachable") {
      for (const step of applySteps(pair, verdict)) next.push({ ...state, destination: step.destination });
      continue;
    }
    const { record } = verdict.destination;
    const told: MoveState = {
      ...state,
      isGrantSent: state.isGrantSent || record === "owner",
      isAbandonSent: state.isAbandonSent || record === "abandoned",
    };
    next.push(told);
    for (const step of applySteps(pair, verdict)) next.push({ ...told, source: step.source });
  }
  return next;
}
