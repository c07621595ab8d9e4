// The controller's only way to a host: a session on its agent, over one SSH connection that all sessions of the same
// host share. It never holds a credential and never decides what a host should be.

import type { Duplex, Readable } from "node:stream";
import type { Connection } from "../model/connection";
import { isLeeaError } from "../model/errors";
import type { ContentHash } from "../model/vm-spec";
import type { Health } from "../protocol/node";
import type { Operation, Progress } from "../protocol/operation";
import { describeLost, wordsFor } from "../protocol/skew/words-for";
import type { VerbName, VerbTypes } from "../protocol/verbs";
import { followOperation } from "./follow-operation";
import type { HostLink } from "./host-link";
import { takeLink } from "./host-pool";
import { type EnsureOptions, ensureAgent } from "./install/ensure-agent";
import { identityError } from "./install/identity-error";
import { removeAgentFiles } from "./install/remove-agent-files";
import { uploadImage } from "./upload-image";

export { bundledAgentHash } from "./install/agent-bundle";

/** What a call carries: `params` fill the `:name` parts of the verb's path. */
export interface VerbRequest<V extends VerbName> {
  readonly params?: Readonly<Record<string, string>>;
  readonly body?: VerbTypes[V]["body"];
}

/** A session on one host's agent. Every method throws the host's own LeeaError, or HOST_UNREACHABLE. */
export interface HostSession {
  /** What messages call the host, such as `10.0.0.11` or `ops@10.0.0.11:2222`. */
  readonly hostLabel: string;
  /** The protocol that the host's agent speaks; older than ours where its MeshNode waits for an update. */
  readonly protocol: number;
  /** Sends a verb and gives its answer. */
  call<V extends VerbName>(verb: V, request: VerbRequest<V>): Promise<VerbTypes[V]["answer"]>;
  /** Waits until the operation has ended, and attaches again when the connection drops. Throws what it failed with. */
  follow(operation: Operation, onProgress?: (progress: Progress) => void): Promise<Operation>;
  /** Makes sure that the host holds the file of this machine, and gives its hash. IMAGE_INVALID when it is missing. */
  uploadImage(path: string, onProgress?: (progress: Progress) => void): Promise<ContentHash>;
  /** Gives the session back. The shared connection ends a little after the last session of its host. */
  close(): void;
}

/** Which log of a VM is read. */
export interface LogWish {
  readonly vmId: string;
  readonly log: "console" | "qemu";
  readonly lines: number;
  readonly follow: boolean;
}

/** A session that also opens what people watch and type on. */
export interface AttachedHost extends HostSession {
  /** A VM's log as plain bytes: its last lines, and with `follow` what comes until the VM leaves the host. */
  openLog(wish: LogWish): Promise<Readable>;
  /** A VM's serial console, byte for byte both ways. IN_USE while somebody else has it, NOT_ALLOWED_NOW where it does not run. */
  openConsole(wish: { readonly vmId: string; readonly take: boolean }): Promise<Duplex>;
}

/** `install`: "never" starts a dead agent at most; "if-missing" installs where there is none; "upgrade" also replaces. */
export interface OpenHostOptions {
  readonly install: "never" | "if-missing" | "upgrade";
  /** Node id that must answer; another one is IDENTITY_CHANGED. */
  readonly expectNodeId?: string;
  /** Told what is being done, one line each. */
  readonly report?: (line: string) => void;
}

/** Opens a session on the host's agent. Errors of the way (HOST_UNREACHABLE, HOST_KEY_UNKNOWN, HOST_KEY_CHANGED,
 *  AUTHENTICATION_FAILED, SUDO_FAILED), of the agent (AGENT_NOT_ANSWERING, AGENT_NEWER, RUNTIME_MISSING,
 *  NOT_ALLOWED_NOW) and IDENTITY_CHANGED. */
export async function openHost(connection: Connection, options: OpenHostOptions): Promise<AttachedHost> {
  const { link, release } = takeLink(connection);
  const report = options.report ?? (() => undefined);
  try {
    const { install, expectNodeId } = options;
    const expected = expectNodeId === undefined ? {} : { expectNodeId };
    const { protocol } = await link.exclusive(() => reachAgent(link, { install, report, ...expected }));
    if (expectNodeId !== undefined) await checkIdentity(link, expectNodeId);
    return createSession(link, { release, report, protocol });
  } catch (error) {
    release();
    throw error;
  }
}

// Who may put an agent there asks every time.
async function reachAgent(link: HostLink, options: EnsureOptions): Promise<Health> {
  const known = options.install === "never" ? link.agent.health : undefined;
  return known ?? link.agent.learnHealth(() => ensureAgent(link, options));
}

/** Stops the host's agent and removes it with all its files. IN_USE while VMs are on the host. */
export async function removeAgent(connection: Connection): Promise<void> {
  const { link, release } = takeLink(connection);
  try {
    await link.exclusive(() => removeAgentFiles(link));
    link.agent.forget();
  } finally {
    release();
  }
}

interface SessionParts {
  readonly release: () => void;
  readonly report: (line: string) => void;
  readonly protocol: number;
}

function createSession(link: HostLink, { release, report, protocol }: SessionParts): AttachedHost {
  const recover = (): Promise<void> => recoverAgent(link);
  const follower = { label: link.label, client: link.client, recover, takeStream: () => link.takeStream() };
  const older = { label: link.label, protocol, report };
  return {
    hostLabel: link.label,
    protocol,
    call: (verb, request) => callTwice(link, recover, verb, olderRequest(older, verb, request)),
    follow: (operation, onProgress) => followOperation(follower, operation, onProgress ?? (() => undefined)),
    openLog: ({ follow, vmId, log, lines }) => {
      const params = { vmId, log, lines: String(lines) };
      return follow ? link.client.open("followLog", { params, timeoutMs: 0 }) : link.client.open("readLog", { params });
    },
    openConsole: (wish) => link.client.openConsole(wish),
    uploadImage: (path, onProgress) => uploadImage(link.client, path, onProgress ?? (() => undefined)),
    close: release,
  };
}

async function recoverAgent(link: HostLink): Promise<void> {
  await link.exclusive(() => ensureAgent(link, { install: "never", report: () => undefined }));
}

// What the agent does not know is left out and said: it would refuse the whole request.
function olderRequest<V extends VerbName>(
  agent: { readonly label: string; readonly protocol: number; readonly report: (line: string) => void },
  verb: V,
  request: VerbRequest<V>,
): VerbRequest<V> {
  const { body, lost } = wordsFor(agent.protocol, verb, request.body);
  if (lost.length > 0) agent.report(describeLost(`the agent on ${agent.label}`, agent.protocol, lost));
  return body === undefined ? request : { ...request, body: body as VerbTypes[V]["body"] };
}

// Every verb may be sent twice: what is long has an operation id, what is short gives the same result. So a call that
// got no answer because a connection was lost is sent once more.
async function callTwice<V extends VerbName>(
  link: HostLink,
  recover: () => Promise<void>,
  verb: V,
  request: VerbRequest<V>,
): Promise<VerbTypes[V]["answer"]> {
  try {
    return await link.client.send(verb, request);
  } catch (error) {
    if (!isLeeaError(error, "AGENT_NOT_ANSWERING")) throw error;
    await recover();
    return link.client.send(verb, request);
  }
}

// Names change; the last part of a node's id, from its key's fingerprint, does not.
async function checkIdentity(link: HostLink, expected: string): Promise<void> {
  const ask = async (): Promise<string> => (await callTwice(link, () => recoverAgent(link), "getIdentity", {})).nodeId;
  const nodeId = link.agent.nodeId ?? (await link.agent.learnNodeId(ask));
  if (fingerprintPart(nodeId) === fingerprintPart(expected)) return;
  throw identityError(link.label, expected, nodeId);
}

function fingerprintPart(nodeId: string): string {
  return nodeId.slice(nodeId.lastIndexOf("-") + 1);
}
