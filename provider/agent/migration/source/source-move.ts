// One move as its source agent sees it: who, where to, and the durable note from which a restarted agent goes on.

import type { MigrationPhase } from "../../../model/migration-phase";
import { type MigrationRules, rulesOfMigration } from "../../../model/move/migration-rules";
import type { VmRecord } from "../../../model/ownership";
import type { MigrationSpec } from "../../../model/vm-spec";
import type { NodeDescriptor } from "../../../protocol/node";
import type { Progress } from "../../../protocol/operation";
import type { VerbTypes } from "../../../protocol/verbs";
import type { Agent } from "../../agent";
import type { Work } from "../../journal/operations";
import type { PeerVerb } from "../../peer/call-peer";
import type { QmpClient } from "../../qmp/qmp-client";
import type { Machine } from "../../vm/machine/machines";

/** What is kept on disk of a move that this host is the source of. The move's id is its operation's id. */
export interface MoveNote {
  readonly moveId: string;
  readonly vmId: string;
  readonly destination: NodeDescriptor;
  readonly destinationConnection: unknown;
  /** Absent: live. A guest of a `cold` one is shut down for it, or did not run (`guestRan`: false). */
  readonly mode?: "live" | "cold";
  readonly guestRan?: boolean;
  /** Synced before a cold move's guest is asked to shut down: from then on it must be started again to go on here. */
  readonly shutdownAsked?: true;
  /** How it is to move, as asked for; absent means as the record says. */
  readonly migration?: MigrationSpec;
  /** QEMU sends the state of its GPUs. Absent: the guest lets go of them before its memory goes over. */
  readonly gpus?: "carry";
}

/** The operation's work, its phases narrowed to those of a move. */
export interface MoveWork extends Omit<Work, "report"> {
  report(progress: Progress & { readonly phase: MigrationPhase }): void;
}

/** A move under way. `diskNodes` are QEMU's node names, in the order of the VM's disks. */
export interface SourceMove {
  readonly agent: Agent;
  readonly note: MoveNote;
  readonly record: VmRecord;
  readonly machine: Machine;
  readonly work: MoveWork;
  readonly diskNodes: readonly string[];
  readonly selfNodeId: string;
  readonly startedAtMs: number;
  /** A monitor that yanks past QEMU's main loop. Held from the start: none can be opened any more once that is stuck. */
  readonly outOfBand?: QmpClient;
}

/** How this move is to go. */
export function rulesOfMove(move: Pick<SourceMove, "note" | "record">): MigrationRules {
  return rulesOfMigration(move.note.migration ?? move.record.spec.migration);
}

/** The source's own monitor. */
export function sourceQmp(move: Pick<SourceMove, "machine">): QmpClient {
  return move.machine.qmp;
}

/** Calls the destination's agent about this move. Errors: PEER_REFUSED and those of the verb; HOST_UNREACHABLE. */
export function askDestination<V extends PeerVerb>(
  move: Pick<SourceMove, "agent" | "note">,
  verb: V,
  body: VerbTypes[V]["body"],
  timeoutMs = 20_000,
): Promise<VerbTypes[V]["answer"]> {
  return move.agent.askPeer(move.note.destination, verb, {
    params: { moveId: move.note.moveId },
    body,
    timeoutMs,
  });
}

function notePath(agent: Agent, moveId: string): string {
  return `${agent.ctx.paths.state}/moves/${moveId}.json`;
}

/** Syncs the note; done before the first act of the move. */
export async function saveNote(agent: Agent, note: MoveNote): Promise<void> {
  await agent.ctx.system.writeDurable(notePath(agent, note.moveId), `${JSON.stringify(note)}\n`);
}

/** The note of a move, if this host is its source. */
export async function readNote(agent: Agent, moveId: string): Promise<MoveNote | undefined> {
  const text = await agent.ctx.system.readText(notePath(agent, moveId));
  return text === undefined ? undefined : (JSON.parse(text) as MoveNote);
}

/** The notes of all moves that this host is the source of and that have not ended. */
export async function listNotes(agent: Agent): Promise<readonly MoveNote[]> {
  const files = await agent.ctx.system.list(`${agent.ctx.paths.state}/moves`);
  const notes = await Promise.all(
    files.filter((file) => file.endsWith(".json")).map((file) => readNote(agent, file.slice(0, -".json".length))),
  );
  return notes.filter((note) => note !== undefined);
}

/** Forgets a move that has ended. */
export async function dropNote(agent: Agent, moveId: string): Promise<void> {
  await agent.ctx.system.remove(notePath(agent, moveId));
}
