// Ends a move that broke off, from its source: looks, asks the rule, does what it says, and looks again until there is an
// end. Everything that touches the world is in `hands`, so that the simulator runs this very code; nothing here decides.

import { decideRecovery } from "../../../model/recovery/decide-recovery";
import type { HostView, RecoveryView, SeenHost } from "../../../model/recovery/recovery-view";
import { type HostAct, isIdle, type Verdict, type WaitReason } from "../../../model/recovery/verdict";

/** What became of a request to the destination: done, refused by its agent, or nothing was heard. */
export type Heard = "done" | "refused" | "unheard";

/** What the source's agent can do. */
export interface SourceHands {
  readonly mode: RecoveryView["mode"];
  /** The source as its synced record and its QEMU stand. */
  lookHere(): Promise<HostView>;
  /** The destination's own word, or that it gave none. */
  lookThere(): Promise<SeenHost>;
  /** Notes and tells the verdict; called at each round. */
  tell(verdict: Verdict, view: RecoveryView): void;
  /** Syncs `released` where that is not synced yet, then grants, or has an owner go on. */
  grant(): Promise<Heard>;
  /** Has the destination sync that it never ran the guest and never will. */
  abandon(): Promise<Heard>;
  /** Tells the destination to give up and forgets the move once it has heard. Waits for the first try only. Never throws. */
  abandonLater(): Promise<void>;
  /** Syncs the record, then touches the guest. Throws where either failed; a record that is not synced touches no guest. */
  actHere(act: HostAct, view: RecoveryView): Promise<void>;
  /** Ends what is left of the move in this host's QEMU. Never throws. */
  cleanUp(): Promise<void>;
  /** Lets time pass before the next round; `failures` counts rounds without progress. */
  pause(failures: number): Promise<void>;
}

/** `moved`: the destination has it. `stays`: this host has it. `undecided`: no crash does this; a person must look. */
export type SettledMove = { readonly end: "moved" | "stays" } | { readonly end: "undecided"; readonly why: WaitReason };

/** How to begin. `mayGrant` is false where the grant was refused, or `released` could not be synced. */
export interface SettleStart {
  readonly mayGrant: boolean;
}

const passing: readonly WaitReason[] = [
  "move-under-way",
  "destination-unreachable",
  "source-unreachable",
  "nobody-reachable",
  "source-mute",
];

/** Settles the move. It ends when a host has the VM, or when only a person can say which one. */
export async function settleMove(hands: SourceHands, start: SettleStart): Promise<SettledMove> {
  let mayGrant = start.mayGrant;
  for (let failures = 0; ; failures += 1) {
    const view = await look(hands, mayGrant);
    const verdict = decideRecovery(view);
    hands.tell(verdict, view);
    const round = await follow(hands, verdict, view);
    if (round.settled !== undefined) return round.settled;
    if (round.isGrantRefused) mayGrant = false;
    if (round.isStuck) await hands.pause(failures);
    else failures = 0;
  }
}

/** Only a released VM may be at either host: before, none but the source can have it, and a former host knows who has. */
async function look(hands: SourceHands, mayGrant: boolean): Promise<RecoveryView> {
  const source = await hands.lookHere();
  const destination = source.role === "released" ? await hands.lookThere() : ("unreachable" as const);
  return { mode: hands.mode, source, destination, isUnderWay: false, isSilent: false, isGrantRefused: !mayGrant };
}

interface Round {
  readonly settled?: SettledMove;
  readonly isGrantRefused?: boolean;
  readonly isStuck?: boolean;
}

async function follow(hands: SourceHands, verdict: Verdict, view: RecoveryView): Promise<Round> {
  try {
    if (verdict.kind === "wait") return await stand(hands, verdict, view);
    if (verdict.kind === "finish-on-destination") return await finish(hands, verdict, view);
    if (verdict.destination.record === "abandoned" && view.destination !== "unreachable")
      return { isStuck: (await hands.abandon()) !== "done" };
    await hands.actHere(verdict.source, view);
    if (verdict.source.guest === "continue") return {}; // looked at once more: QEMU may have gone mute, or died
    await hands.cleanUp();
    await hands.abandonLater();
    return { settled: { end: "stays" } };
  } catch {
    return { isStuck: true }; // a record that cannot be written; the hands have told it, and nothing was touched
  }
}

async function stand(hands: SourceHands, verdict: Verdict, view: RecoveryView): Promise<Round> {
  if (!isIdle(verdict.source)) await hands.actHere(verdict.source, view);
  const why = verdict.why ?? "records-contradict";
  return passing.includes(why) ? { isStuck: true } : { settled: { end: "undecided", why } };
}

async function finish(hands: SourceHands, verdict: Verdict, view: RecoveryView): Promise<Round> {
  const { record, guest } = verdict.destination;
  if (record === "owner") {
    const heard = await hands.grant();
    return { isGrantRefused: heard === "refused", isStuck: heard !== "done" };
  }
  if (guest !== "leave") await hands.grant(); // its record says owner: it goes on by itself as well
  await hands.actHere(verdict.source, view);
  return { settled: { end: "moved" } };
}
