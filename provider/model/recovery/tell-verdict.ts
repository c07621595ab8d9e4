// The words and the evidence of a verdict, for the user, the log and `leea why`. Hosts are named as the user named them.

import type { RecoveryView, SeenHost } from "./recovery-view";
import type { Verdict, WaitReason } from "./verdict";

/** What the hosts are called. */
export interface HostNames {
  readonly source: string;
  readonly destination: string;
}

/** `decision` in a few words; `because` as sentences; `evidence` is what was read, as JSON. */
export interface ToldVerdict {
  readonly decision: string;
  readonly because: readonly string[];
  readonly evidence: Readonly<Record<string, unknown>>;
}

/** Tells a verdict on a view. */
export function tellVerdict(verdict: Verdict, view: RecoveryView, names: HostNames): ToldVerdict {
  const { source, destination, mode } = view;
  return {
    decision: nameOf(verdict),
    because: [tellKind(verdict, names), tellHost(names.source, source), tellHost(names.destination, destination)],
    evidence: { mode, source, destination, isSilent: view.isSilent, isGrantRefused: view.isGrantRefused },
  };
}

/** A move that is undone has one name, whatever was left to do for it. */
function nameOf({ kind, why }: Verdict): string {
  if (kind === "undo" || kind === "keep-source") return "move-undone";
  return `recovery: ${kind}${why === undefined ? "" : ` (${why})`}`;
}

function tellKind(verdict: Verdict, names: HostNames): string {
  const { source, destination } = names;
  switch (verdict.kind) {
    case "keep-source":
      return `the VM stays on ${source}, which never gave it up`;
    case "resume-source":
      return `${source} goes on with the guest: ${destination} cannot run it`;
    case "undo":
      return `the move is undone: ${destination} gives up for good, ${source} goes on`;
    case "finish-on-destination":
      return `the move is finished: ${destination} has the VM`;
    case "wait":
      return verdict.why === undefined ? "it must be waited" : tellWait(verdict.why, names);
  }
}

/** Why a move waits, for whom, and what the user can do. */
export function tellWait(why: WaitReason, { source, destination }: HostNames): string {
  const words: Readonly<Record<WaitReason, string>> = {
    "move-under-way": `the agent of ${source} drives the move at this moment`,
    "destination-unreachable": `the guest stands still until ${destination} says whether it runs there: make ${destination} reachable from ${source}`,
    "source-unreachable": `only ${source} can say who has the VM: make it reachable`,
    "nobody-reachable": `neither ${source} nor ${destination} answers: make one of them reachable`,
    "source-mute": `the QEMU on ${source} lives and does not answer: nothing is started beside it`,
    "two-owners": `both hosts' records claim the same generation: a host was restored from a copy of its disk; decide which copy is kept`,
    "source-outdated": `${destination} has had the VM since and passed it on: the record of ${source} is of an older day`,
    "destination-forgot": `${destination} answers and has no record of this move: its disk was replaced or restored. It may have run the guest, so nothing is started here; restore its records, or decide by hand which copy is kept`,
    "source-forgot": `${source} has no record that gives the VM to ${destination}: its disk was replaced or restored, and ${destination} never had the grant`,
    "records-contradict": `the records of ${source} and ${destination} contradict each other: a disk was replaced or restored; decide by hand which copy is kept`,
  };
  return words[why];
}

/** What a person can do about a move that no crash brings about; `name` is the VM's. */
export function tellRemedy(why: WaitReason, name: string, { source, destination }: HostNames): string {
  const restored = { "destination-forgot": destination, "source-forgot": source }[why as string];
  const host = restored ?? "the host whose disk was replaced or restored";
  return `Nothing was started. \`leea why ${name}\` tells what each host has recorded. Bring back /var/lib/leea of ${host} as it was last (the VM's file in records, moves and expected), then restart leea-agent.service on the source: it looks again and ends the move.`;
}

function tellHost(name: string, host: SeenHost): string {
  if (host === "unreachable") return `${name} does not answer`;
  const { role, generation, qemu } = host;
  const record = role === "none" ? "no record" : `its record says ${role}, generation ${generation}`;
  return `${name}: ${record}; QEMU ${qemu}`;
}
