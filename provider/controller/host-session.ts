// The controller's only way to a host: a session on its agent, over one SSH connection that all sessions of the same
// host share. It never holds a credential and never decides what a host should be.

import type { Connection } from "../model/connection";
import { LeeaError } from "../model/errors";
import type { ContentHash } from "../model/vm-spec";
import type { Operation, Progress } from "../protocol/operation";
import type { VerbName, VerbTypes } from "../protocol/verbs";

/** What a call carries: `params` fill the `:name` parts of the verb's path. */
export interface VerbRequest<V extends VerbName> {
  readonly params?: Readonly<Record<string, string>>;
  readonly body?: VerbTypes[V]["body"];
}

/** A session on one host's agent. Every method throws the host's own LeeaError, or HOST_UNREACHABLE. */
export interface HostSession {
  /** What messages call the host, such as `10.0.0.11` or `ops@10.0.0.11:2222`. */
  readonly hostLabel: string;
  /** Sends a verb and gives its answer. */
  call<V extends VerbName>(verb: V, request: VerbRequest<V>): Promise<VerbTypes[V]["answer"]>;
  /** Waits until the operation has ended, and attaches again when the connection drops. Throws what it failed with. */
  follow(operation: Operation, onProgress?: (progress: Progress) => void): Promise<Operation>;
  /** Makes sure that the host holds the file of this machine, and gives its hash. IMAGE_INVALID when it is missing. */
  uploadImage(path: string, onProgress?: (progress: Progress) => void): Promise<ContentHash>;
  /** Gives the session back. The shared connection ends a little after the last session of its host. */
  close(): void;
}

/** `install`: "never" starts a dead agent at most; "if-missing" installs where there is none; "upgrade" also replaces. */
export interface OpenHostOptions {
  readonly install: "never" | "if-missing" | "upgrade";
  /** Node id that must answer; another one is IDENTITY_CHANGED. */
  readonly expectNodeId?: string;
  /** Told what is being done, one line each. */
  readonly report?: (line: string) => void;
}

/** Opens a session on the host's agent. */
export function openHost(connection: Connection, options: OpenHostOptions): Promise<HostSession> {
  return Promise.reject(notYet(`${connection.host} ${options.install}`));
}

/** Stops the host's agent and removes it with all its files. IN_USE while VMs are on the host. */
export function removeAgent(connection: Connection): Promise<void> {
  return Promise.reject(notYet(connection.host));
}

/** SHA-256, in hex, of the agent that this program carries. TOOL_MISSING where it carries none. */
export function bundledAgentHash(): string {
  throw notYet("bundle");
}

function notYet(what: string): LeeaError {
  return new LeeaError({ code: "INTERNAL", message: `Unable to open ${what}: not built yet` });
}
