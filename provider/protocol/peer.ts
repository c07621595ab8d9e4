// What agents say to each other: mutual TLS 1.3 on mesh addresses, both certificates pinned. About a move only where the
// receiver was told of it over its own SSH side; what its records say it tells every member. Every verb may be sent twice.

import type { MoveFigures, Role, VmRecord } from "../model/ownership";
import type { HostWord } from "../model/restart/decide-claim";

/** The agent's port on the mesh, and the range that moves use for QEMU's streams. Documented; mesh addresses only. */
export const peerPort = 51720;
/** First port of the streams of moves; each move takes a pair. */
export const movePortBase = 51730;
/** Number of ports for moves. */
export const movePortCount = 64;

/** What a port of a move carries: the first of each pair is the memory's, the second the disks'. Undefined for any other port. */
export function streamOfPort(port: number): "memory" | "disks" | undefined {
  const offset = port - movePortBase;
  if (!Number.isInteger(offset) || offset < 0 || offset >= movePortCount) return undefined;
  return offset % 2 === 0 ? "memory" : "disks";
}

/** Source to destination: make ready. `psk` is 64 hex characters made for this move. */
export interface PrepareMoveRequest {
  readonly record: VmRecord;
  /** @pattern ^[0-9a-f]{64}$ */
  readonly psk: string;
  /**
   * @asType integer
   * @minimum 1
   * @maximum 16
   */
  readonly multifdChannels: number;
  /** The guest does not run while it moves: only its disks come, and it starts here. Absent means live. */
  readonly mode?: "cold";
  /** The state of its GPUs comes too, so QEMU starts with them. Absent: they are plugged in once the guest runs. */
  readonly gpus?: "carry";
  /**
   * The address that the source has just reached by `openStraight`; absent: the mesh address.
   * @pattern ^[0-9]{1,3}([.][0-9]{1,3}){3}$
   */
  readonly straightAddress?: string;
}

/**
 * Before `prepareMove`: may the streams come straight to an address of the destination's own? `address` is where the
 * source sees it; `nonce` is what both ports of the move answer with for some seconds, to the source alone.
 */
export interface OpenStraightRequest {
  /** @pattern ^[0-9]{1,3}([.][0-9]{1,3}){3}$ */
  readonly address: string;
  /** @pattern ^[0-9a-f]{32}$ */
  readonly nonce: string;
}

/** `answering`: from `source` alone, on `ports` (memory, disks). */
export type OpenStraightResponse =
  | { readonly state: "answering"; readonly source: string; readonly ports: readonly [number, number] }
  | { readonly state: "refused"; readonly reason: string };

/** Where the destination's QEMU listens: on its mesh address, or on the one that was asked for and proven. */
export interface PrepareMoveResponse {
  readonly address: string;
  readonly migrationPort: number;
  readonly nbdPort: number;
}

/** The grant. Sent only after the source synced `released`; the destination syncs `owner` before it continues. */
export interface GrantMoveRequest {
  /**
   * @asType integer
   * @minimum 2
   */
  readonly generation: number;
}

/** `resumedAfterMs`: from receipt of the grant to QEMU's RESUME. `stopped` for a VM that was not to run. */
export interface GrantMoveResponse {
  readonly state: "running" | "stopped";
  readonly resumedAfterMs: number;
}

/** The destination's word after it was asked to give up. `never-ran` is synced and final. */
export interface AbandonMoveResponse {
  readonly state: "never-ran" | "owner";
}

/** Where a move stands at the destination. */
export interface PeerMoveReport {
  readonly state: "unknown" | "expected" | "prepared" | "loaded" | "owner" | "abandoned";
  /** A state of provider/model/recovery, `mute` among them; absent where there is no QEMU. */
  readonly qemuStatus?: string;
  /** The destination's record of the VM, also one of another move. Absent where there is none, and from older agents. */
  readonly role?: Role;
  readonly generation?: number;
  readonly wantsToRun?: boolean;
}

/** The source has ended its side; the figures go into the destination's record. */
export interface FinishMoveRequest {
  readonly figures: MoveFigures;
}

/** Asks a member, and through it those that it is linked to, what their records say of a VM. */
export interface AskVmRequest {
  /**
   * Node ids that are asked by others already, or asked themselves.
   * @maxItems 1000
   */
  readonly visited: readonly string[];
  /**
   * The answer is of no use later, in `ms`.
   * @asType integer
   * @minimum 0
   * @maximum 60000
   */
  readonly withinMs: number;
}

/** The words of everyone who was asked, and the node ids of those who gave none. */
export interface AskVmResponse {
  readonly words: readonly HostWord[];
  readonly silent: readonly string[];
}
