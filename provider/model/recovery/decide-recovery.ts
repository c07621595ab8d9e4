// The one rule that ends a move which broke off: both agents and the simulator ask it, and nobody decides beside it.
// It never lets two hosts run the guest, and never takes "unreachable" for a no (docs/decisions/011, and 004 for why).
//
//   source      destination                   verdict                what is done
//   ─────────   ───────────────────────────   ────────────────────   ─────────────────────────────────────────────────
//   (drives the move at this moment)          wait                   nothing
//   owner n     unreachable, incoming         undo                   S goes on; D, now or when it hears: abandoned, ends
//   owner n     has nothing of the VM         keep, resume source    S goes on where it stands still
//   owner n     owner > n                     finish on destination  S (a restored disk): former, ends; D goes on
//   owner n     released or former > n        wait                   S stands still: the VM is at a third place
//   released n  unreachable                   wait                   nothing: it may run there
//   released n  has owned > n                 finish on destination  D goes on; S: former, ends
//   released n  incoming, all of it there     finish on destination  the grant again: D: owner n+1, goes on
//   released n  incoming, not so, or refused  undo                   D: abandoned, ends; the next look resumes S
//   released n  abandoned                     resume source          S: owner n, goes on (from its disks if QEMU died)
//   released n  no record of this move        wait                   D lost its disk: it may have run the guest
//   former n+1  unreachable, has owned > n    finish on destination  S ends
//   none        owner                         finish on destination  D goes on
//   none        incoming                      wait; undo if useless  D can never run without a grant
//   unreachable owner                         finish on destination  D goes on: its record permits it
//   unreachable incoming, all of it there     wait                   S may have released: its grant or its word decides
//   unreachable incoming, QEMU dead; silent   undo                   D: abandoned, ends; S takes the VM back
//
// "Goes on": a guest that stands still continues, one without a QEMU starts from its disks, one that stopped for its own
// reasons (shutdown, io-error) or is not wanted is left. A QEMU that is `inmigrate` is never continued. A mute one is waited for.

import type { HostView, RecoveryView } from "./recovery-view";
import { type HostAct, isIdle, leave, type Verdict, type WaitReason } from "./verdict";

const giveUp: HostAct = { record: "abandoned", guest: "end" };

/** Decides. Pure: the same view gives the same verdict, whoever asks. */
export function decideRecovery(view: RecoveryView): Verdict {
  const { source, destination } = view;
  if (source === "unreachable")
    return destination === "unreachable" ? wait("nobody-reachable") : decideWithoutSource(view, destination);
  if (view.isUnderWay) return wait("move-under-way");
  if (source.role === "owner") return decideOwned(view, source, destination);
  if (source.role === "released") return decideReleased(view, source, destination);
  if (source.role === "former") return decideFormer(view, source, destination);
  return decideUnowned(view, source, destination);
}

function decideOwned(view: RecoveryView, source: HostView, destination: HostView | "unreachable"): Verdict {
  if (destination === "unreachable") return stay(view, source, giveUp, "source");
  if (hasOwned(destination, source.generation + 1)) {
    if (destination.role !== "owner")
      return wait("source-outdated", { source: standStill(source), destination: standStill(destination) });
    return finish({ record: "former", guest: "end" }, goOn(destination, view.mode), "source");
  }
  const holdsTheSame = destination.role === "owner" || destination.role === "released";
  if (holdsTheSame && destination.generation === source.generation)
    return wait("two-owners", { source: standStill(source), destination: stillUnlessOwner(destination) });
  const act = clearOut(destination);
  return stay(view, source, act, destination.qemu === "running" || act.record === "former" ? "destination" : "source");
}

/** What a destination has that is of no use to anybody. */
function clearOut({ role, qemu }: HostView): HostAct {
  if (role === "incoming") return giveUp;
  if (role === "owner" || role === "released") return { record: "former", guest: "end" };
  return qemu === "absent" ? leave : { guest: "end" };
}

function stay(view: RecoveryView, source: HostView, destination: HostAct, first: Verdict["first"]): Verdict {
  if (source.qemu === "mute") return { ...wait("source-mute", { destination }), first };
  const act = goOn(source, view.mode);
  const kind = destination.record === "abandoned" ? "undo" : isIdle(act) ? "keep-source" : "resume-source";
  return { kind, source: act, destination, first };
}

function decideReleased(view: RecoveryView, source: HostView, destination: HostView | "unreachable"): Verdict {
  if (destination === "unreachable") return wait("destination-unreachable", { source: standStill(source) });
  if (hasOwned(destination, source.generation + 1))
    return finish({ record: "former", guest: "end" }, goOnIfOwner(destination, view.mode), "source");
  const still = { source: standStill(source), destination: stillUnlessOwner(destination) };
  if (destination.role === "owner" || destination.role === "released") return wait("two-owners", still);
  if (!destination.ofThisMove) return wait("destination-forgot", still);
  if (destination.role === "incoming") {
    if (mayGrant(view, source, destination))
      return finish(
        leave,
        { record: "owner", guest: destination.qemu === "absent" ? "leave" : "continue" },
        "destination",
      );
    return undo(standStill(source), giveUp);
  }
  if (destination.role !== "abandoned") return wait("destination-forgot", still);
  if (destination.qemu === "running") return undo(standStill(source), { guest: "end" });
  if (source.qemu === "mute") return wait("source-mute");
  const leftOver: HostAct = destination.qemu === "absent" ? leave : { guest: "end" };
  return {
    kind: "resume-source",
    source: { ...goOn(source, view.mode), record: "owner" },
    destination: leftOver,
    first: "source",
  };
}

/** A guest that runs here was not released, whatever the record says. A refusal counts while there is another way. */
function mayGrant(view: RecoveryView, source: HostView, destination: HostView): boolean {
  if (source.qemu === "running" || !isWhole(view, destination)) return false;
  return !view.isGrantRefused || (view.mode === "live" && source.qemu === "absent");
}

/** All is at the destination: the memory in a QEMU that stands, or the disks under one that waits (none is wanted: no QEMU). */
function isWhole({ mode }: RecoveryView, { qemu, wantsToRun }: HostView): boolean {
  if (mode === "live") return qemu === "paused";
  return qemu === (wantsToRun ? "prelaunch" : "absent");
}

function decideFormer(view: RecoveryView, source: HostView, destination: HostView | "unreachable"): Verdict {
  const act: HostAct = source.qemu === "absent" ? leave : { guest: "end" };
  if (destination === "unreachable") return finish(act, leave, "source");
  if (hasOwned(destination, source.generation)) return finish(act, goOnIfOwner(destination, view.mode), "source");
  return wait("records-contradict", { source: standStill(source), destination: standStill(destination) });
}

/** The source never had the VM, has lost its record, or has deleted the VM. */
function decideUnowned(view: RecoveryView, source: HostView, destination: HostView | "unreachable"): Verdict {
  const still = standStill(source);
  if (destination === "unreachable") return wait("destination-unreachable", { source: still });
  if (destination.role === "owner") {
    const isDeleted = source.role === "deleted" && source.generation >= destination.generation;
    return isDeleted
      ? wait("records-contradict", { source: still })
      : finish(still, goOn(destination, view.mode), "source");
  }
  const { role, qemu } = destination;
  if (role === "incoming" && (source.role === "deleted" || (qemu !== "running" && !isWhole(view, destination))))
    return undo(still, giveUp);
  return wait("source-forgot", { source: still, destination: standStill(destination) });
}

function decideWithoutSource(view: RecoveryView, destination: HostView): Verdict {
  if (destination.role === "owner") return finish(leave, goOn(destination, view.mode), "destination");
  const act = standStill(destination);
  if (destination.role !== "incoming") return wait("source-unreachable", { destination: act });
  const isLost = destination.qemu === "absent" && !isWhole(view, destination);
  const isWorthWaiting = view.mode === "live" && isWhole(view, destination);
  if (isLost || (view.isSilent && !isWorthWaiting)) return undo(leave, giveUp);
  return wait("source-unreachable", { destination: act });
}

/** True where the record proves that the host has owned the VM at this generation or a later one. */
function hasOwned({ role, generation }: HostView, least: number): boolean {
  return generation >= least && (role === "owner" || role === "released" || role === "former" || role === "deleted");
}

/** How the guest goes on at its owner. What a guest that was shut down for a cold move had in memory is gone on purpose. */
export function goOn({ qemu, wantsToRun }: HostView, mode: RecoveryView["mode"]): HostAct {
  if (!wantsToRun || qemu === "running" || qemu === "mute" || qemu === "io-error") return leave;
  if (qemu === "shutdown") return mode === "cold" ? { guest: "start" } : leave;
  return { guest: qemu === "absent" || qemu === "inmigrate" ? "start" : "continue" };
}

function goOnIfOwner(host: HostView, mode: RecoveryView["mode"]): HostAct {
  return host.role === "owner" ? goOn(host, mode) : leave;
}

/** A guest that runs where no record permits it is made to stand still, which loses nothing. */
function standStill({ qemu }: HostView): HostAct {
  return qemu === "running" ? { guest: "stop" } : leave;
}

function stillUnlessOwner(host: HostView): HostAct {
  return host.role === "owner" ? leave : standStill(host);
}

function wait(why: WaitReason, acts: { source?: HostAct; destination?: HostAct } = {}): Verdict {
  return { kind: "wait", why, source: acts.source ?? leave, destination: acts.destination ?? leave, first: "source" };
}

function finish(source: HostAct, destination: HostAct, first: Verdict["first"]): Verdict {
  return { kind: "finish-on-destination", source, destination, first };
}

function undo(source: HostAct, destination: HostAct): Verdict {
  return { kind: "undo", source, destination, first: "destination" };
}
