// What all sessions of one host share: the SSH connection, made on demand and again after it was lost, and the agent's
// client on top of it. It never installs or starts anything.

import type { Readable } from "node:stream";
import type { Connection } from "../model/connection";
import { LeeaError } from "../model/errors";
import { type AgentWay, openAgentChannel } from "./agent-link/agent-channel";
import { type AgentClient, createAgentClient } from "./agent-link/agent-client";
import { AgentTransport } from "./agent-link/agent-transport";
import { KnownAgent } from "./agent-link/known-agent";
import { quoteShell } from "./ssh/quote-shell";
import { labelHop, resolveRoute } from "./ssh/route";
import { type CommandResult, runCommand } from "./ssh/run-command";
import { connectSsh, type SshConnection } from "./ssh/ssh-connection";
import { sudoError } from "./sudo-error";

/** A script for the host's sh, run as root. `args` arrive as $1, $2, …; nothing is spliced into the text. */
export interface RootScript {
  readonly script: string;
  readonly args?: readonly string[];
  readonly stdin?: Readable;
  readonly timeoutMs: number;
}

const rootMark = "leea-is-root";
const searchPath =
  "PATH=$PATH:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin; export PATH; umask 022; cd /";
/** OpenSSH allows ten commands at once (MaxSessions); four are left for scripts and uploads. */
const commandChannels = 6;
/** Streams that last as long as an operation must leave channels for calls. */
const commandStreams = 3;

/** The shared way to one host. */
export class HostLink {
  readonly label: string;
  readonly client: AgentClient;
  /** What its agent has said of itself. */
  readonly agent: KnownAgent;
  readonly #connection: Connection;
  readonly #transport: AgentTransport;
  #ssh: Promise<SshConnection> | undefined;
  #way: AgentWay = "socket";
  #turn: Promise<unknown> = Promise.resolve();
  #streams = 0;
  #isEnded = false;

  constructor(connection: Connection) {
    this.#connection = connection;
    this.label = labelHop(connection);
    this.#transport = new AgentTransport(() => this.#openChannel());
    this.client = createAgentClient(this.#transport, this.label);
    this.agent = new KnownAgent(this.#transport);
  }

  /** How the agent is reached at present. */
  get way(): AgentWay {
    return this.#way;
  }

  /** Reaches the agent in that way from now on. */
  useWay(way: AgentWay): void {
    this.#way = way;
    this.#transport.maxSockets = way === "command" ? commandChannels : Number.POSITIVE_INFINITY;
  }

  /** The live SSH connection; connects where there is none. */
  async ssh(): Promise<SshConnection> {
    // Nobody would end what work that was given up opened anew.
    if (this.#isEnded)
      throw new LeeaError({ code: "CANCELLED", message: `The link to host "${this.label}" was ended` });
    this.#ssh ??= this.#connect();
    const connection = await this.#ssh;
    if (connection.isOpen()) return connection;
    this.#ssh = undefined;
    return this.ssh();
  }

  /** Runs a script as root. SUDO_FAILED where the login may not become root. */
  async runAsRoot(script: RootScript): Promise<CommandResult> {
    const ssh = await this.ssh();
    const sudo = this.#needsSudo(ssh);
    const text = `echo ${rootMark}; ${searchPath}\n${script.script}`;
    const words = ["sh", "-c", text, "leea", ...(script.args ?? [])].map(quoteShell).join(" ");
    const options = { timeoutMs: script.timeoutMs, ...(script.stdin === undefined ? {} : { stdin: script.stdin }) };
    const result = await runCommand(ssh, `${sudo ? "sudo -n " : ""}${words}`, options);
    if (result.stdout.startsWith(`${rootMark}\n`))
      return { ...result, stdout: result.stdout.slice(rootMark.length + 1) };
    if (sudo && result.exitCode !== undefined) throw sudoError(this.label, ssh.user, result.stderr);
    throw new LeeaError({
      code: "COMMAND_FAILED",
      message: `Unable to run a script on host "${this.label}": ${result.stderr.trim() || `its shell ended with exit code ${result.exitCode}`}`,
      hint: `Check that this works: ssh ${ssh.user}@${this.#connection.host} sh -c true`,
    });
  }

  /** Takes a channel for a long stream, where one is free; the result gives it back. */
  takeStream(): (() => void) | undefined {
    if (this.#way === "command" && this.#streams >= commandStreams) return undefined;
    this.#streams += 1;
    return () => void (this.#streams -= 1);
  }

  /** Runs one piece of work at a time, in the order of the calls. */
  exclusive<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(work);
    this.#turn = result.catch(() => undefined); // the caller sees the error; the next in line starts all the same
    return result;
  }

  /** Ends the connection, for good. */
  end(): void {
    this.#isEnded = true;
    this.#transport.destroy();
    void this.#ssh?.then(
      (connection) => connection.end(),
      () => undefined,
    );
    this.#ssh = undefined;
  }

  async #connect(): Promise<SshConnection> {
    try {
      const connection = await connectSsh(await resolveRoute(this.#connection));
      if (this.#needsSudo(connection)) this.useWay("command");
      return connection;
    } catch (error) {
      this.#ssh = undefined;
      throw error;
    }
  }

  async #openChannel(): ReturnType<typeof openAgentChannel> {
    const ssh = await this.ssh();
    return openAgentChannel(ssh, this.#way, this.#needsSudo(ssh));
  }

  #needsSudo(connection: SshConnection): boolean {
    return this.#connection.sudo ?? connection.user !== "root";
  }
}
