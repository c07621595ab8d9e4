// What the parts of the simulator know of each other, so that none of them imports the other way round.

import type { Role } from "../../provider/model/ownership";
import type { HostView, QemuState } from "../../provider/model/recovery/recovery-view";
import type { SimClock, SimRandom } from "./sim-clock";

/** `lose`: never heard. `mute`: acted upon, its answer lost. `late`: heard after the one who asks has given up. */
export type Fate = "arrive" | "lose" | "mute" | "late" | "twice";

/** What can go wrong. `ms` says for how long, where it passes. */
export type FaultKind =
  | "kill-agent-a"
  | "kill-agent-b"
  | "cut-power-a"
  | "cut-power-b"
  | "kill-qemu-a"
  | "kill-qemu-b"
  | "mute-qemu-a"
  | "mute-qemu-b"
  | "link-down"
  | "fill-disk-a"
  | "fill-disk-b"
  | "torn-sync-a"
  | "torn-sync-b"
  | "lose-last-ack"
  | "cancel"
  | "kill-provider"
  | "pause";

/** One fault: at a named point, or at the nth point that is passed by anybody; or the fate of a call between agents. */
export type Fault =
  | { readonly at: string | number; readonly do: FaultKind; readonly ms?: number }
  | { readonly verb: string; readonly count: number; readonly fate: Fate };

/** Name of a host: the VM is born on `a`. */
export type HostName = "a" | "b";

/** A record as it is synced. */
export interface SimRecord {
  readonly role: Role;
  readonly generation: number;
  readonly moveId?: string;
  readonly mode?: "cold";
}

/** The move's operation as it is synced. */
export interface SimOperation {
  readonly state: "running" | "succeeded" | "failed" | "cancelled" | "undecided";
}

/** What is on a host's disk; it survives power cuts because everything in it is synced. */
export interface SimStorage {
  record?: SimRecord;
  operation?: SimOperation;
  /** The source's note of its move; `givenUp` once the destination has only to be told. */
  note?: { readonly moveId: string; readonly shutdownAsked?: true };
  expected?: string;
}

/** A host: what is on its disk, its one QEMU, and the present life of its agent. */
export interface SimHost {
  readonly name: HostName;
  readonly storage: SimStorage;
  /** The last number on the VM's disk here; undefined where there is no disk. */
  disk: number | undefined;
  hasExport: boolean;
  isUp: boolean;
  isFull: boolean;
  /** The next sync fails after it has written. */
  isNextSyncTorn: boolean;
  qemu: SimQemuLike | undefined;
  agent: SimAgentLike;
}

/** How a story goes: `faults` happen at named points. */
export interface Story {
  readonly seed: number;
  readonly mode: "live" | "cold";
  readonly faults: readonly Fault[];
  /** Prints every event where it is given. */
  readonly print?: (line: string) => void;
}

/** How it ended. `violations` must be empty. */
export interface StoryEnd {
  readonly violations: readonly string[];
  readonly owner: HostName | undefined;
  readonly result: string;
  readonly unmet: readonly string[];
  readonly atMs: number;
  readonly trace: readonly string[];
}

/** Nothing was heard in time. */
export class Unheard extends Error {}

/** The other agent heard and refused. */
export class Refused extends Error {}

/** The other agent heard and could not: its disk takes no more, or it cannot be told whether it did. */
export class Trouble extends Error {}

/** A QEMU as the others see it. */
export interface SimQemuLike {
  readonly host: SimHost;
  readonly state: QemuState;
  status: Exclude<QemuState, "absent" | "device" | "mute">;
  readonly migration: string;
  readonly memory: number | undefined;
  mirror: string;
  readonly isAlive: boolean;
  isMute: boolean;
  hasKey: boolean;
  readonly runs: boolean;
  resume(): void;
  stop(): void;
  end(): void;
  startMirror(to: SimQemuLike): void;
  completeMirror(to: SimQemuLike): boolean;
  migrate(to: SimQemuLike): void;
  switchOver(): void;
  cancelStream(): void;
}

/** An agent's life as the others see it. */
export interface SimAgentLike {
  readonly isAlive: boolean;
  readonly isListening: boolean;
  readonly source: { beginOrRead(): SimOperation["state"]; cancel(): void };
  readonly destination: { answer(verb: string, body: unknown): Promise<unknown> };
  begin(): void;
  die(): void;
  noteQemuEnd(): void;
}

/** An agent's life as its two sides of a move use it. */
export interface SimLife {
  readonly world: SimWorldLike;
  readonly host: SimHost;
  readonly record: SimRecord | undefined;
  step<T>(name: string, effect: () => T): Promise<T>;
  sync(what: string, write: () => void): Promise<void>;
  save(record: SimRecord): Promise<void>;
  sleep(ms: number): Promise<void>;
  hold<T>(promise: Promise<T>): Promise<T>;
  view(moveId: string): HostView;
  clearOut(): Promise<void>;
  goOn(): Promise<void>;
  startLater(): void;
}

/** The world as its parts see it. */
export interface SimWorldLike {
  readonly clock: SimClock;
  readonly random: SimRandom;
  readonly mode: Story["mode"];
  readonly hosts: Readonly<Record<HostName, SimHost>>;
  readonly network: {
    isUp: boolean;
    call(to: HostName, verb: string, timeoutMs: number, body: unknown): Promise<unknown>;
  };
  readonly faults: { reach(point: string): number };
  readonly provider: { cancel(): void; die(downMs: number): void };
  readonly isLinkUp: boolean;
  acknowledged: number;
  isLastAckLost: boolean;
  tell(line: string): void;
  violate(what: string): void;
  lookAtStart(qemu: SimQemuLike): void;
  noteQemuEnd(host: SimHost): void;
  killAgent(name: HostName, downMs: number): void;
  cutPower(name: HostName, downMs: number): void;
  fateOf(verb: string, count: number): Fate;
}
