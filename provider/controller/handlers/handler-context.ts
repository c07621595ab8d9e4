// What a handler is given and what it gives back: the one shape that both front doors and the tests share. A handler
// never reads the environment, never prints, and reaches hosts through `hosts` only.

import type { ResourceDefinition } from "../../../schema/resource";
import type { Connection } from "../../model/connection";
import type { Problem } from "../../model/errors";
import type { Progress } from "../../protocol/operation";
import type { HostSession, OpenHostOptions } from "../host-session";

/** The ways to hosts. */
export interface Hosts {
  open(connection: Connection, options: OpenHostOptions): Promise<HostSession>;
  /** Stops the host's agent and removes every trace of it. */
  removeAgent(connection: Connection): Promise<void>;
  /** SHA-256, hex, of the agent bundle that this program carries. */
  bundledAgentHash(): string;
}

/** Where a handler tells people what goes on. `subject` is the resource's name. */
export interface Report {
  note(subject: string, text: string): void;
  progress(subject: string, progress: Progress): void;
}

/** What every handler call is given. Relative paths in inputs are relative to `programFolder`. */
export interface HandlerContext {
  readonly hosts: Hosts;
  readonly report: Report;
  readonly programFolder: string;
}

/** Values by name, as a front door stores them. */
export type Values = Readonly<Record<string, unknown>>;

/** What is known of a resource since its last create, update or read. Outputs may be missing after a failed create. */
export interface KnownState {
  readonly inputs: Values;
  readonly outputs: Values;
}

/** Checked inputs with defaults, and every mistake. */
export interface CheckResult {
  readonly inputs: Values;
  readonly problems: readonly Problem[];
}

/**
 * What would happen. `lines` are for people, calm and whole. `replaces` lists the fields that force a replacement.
 * `refused`: what the hosts would refuse now, as the lines say too; a front door whose preview can fail fails it.
 */
export interface DiffResult {
  readonly hasChanges: boolean;
  readonly replaces: readonly string[];
  readonly lines: readonly string[];
  readonly refused?: readonly Problem[];
  /** Fields that are declared otherwise than before and mean the same, such as a file of the same content by another path. */
  readonly equal?: readonly string[];
}

/** Told by a create as soon as something exists on a host. `isAdopted`: it was there before this create. */
export type Reached = (id: string, isAdopted: boolean) => void;

/** What was found without a state. */
export interface FoundState {
  readonly id: string;
  readonly state: KnownState;
}

/** One resource's behaviour. Every method but `check` and `diff` throws LeeaError; those two change nothing. */
export interface ResourceHandler {
  readonly definition: ResourceDefinition;
  /** `previous` are the inputs that were last accepted, absent for a new resource. */
  check(declared: Values, previous: Values | undefined, context: HandlerContext): Promise<CheckResult>;
  /** INPUT_INVALID where the change is refused. Inputs may hold unknown values. */
  diff(id: string, known: KnownState, inputs: Values, context: HandlerContext): Promise<DiffResult>;
  /** Calls `reached` with the id as soon as something exists on a host, so that a failure afterwards is not forgotten. */
  create(
    inputs: Values,
    context: HandlerContext,
    reached: Reached,
  ): Promise<{ readonly id: string; readonly outputs: Values }>;
  /** The state as the host reports it; undefined where it is gone. A host that does not answer keeps the last state. */
  read(id: string, known: KnownState, context: HandlerContext): Promise<KnownState | undefined>;
  /** Makes the thing what `inputs` say, and gives what the host reports then. */
  update(id: string, known: KnownState, inputs: Values, context: HandlerContext): Promise<KnownState>;
  /**
   * What exists already, by the inputs that the definition's `findBy` names; undefined where there is none. Its inputs are
   * what the hosts keep of them, with its names of the birth. CONFLICT where several fit.
   */
  find(where: Values, context: HandlerContext): Promise<FoundState | undefined>;
  /** Done when the thing is gone; also when it was gone before. */
  delete(id: string, known: KnownState, context: HandlerContext): Promise<void>;
}

/** Opens a session, acts, and closes it whatever happens. */
export async function withHost<T>(
  hosts: Hosts,
  connection: Connection,
  options: OpenHostOptions,
  act: (session: HostSession) => Promise<T>,
): Promise<T> {
  const session = await hosts.open(connection, options);
  try {
    return await act(session);
  } finally {
    session.close();
  }
}
