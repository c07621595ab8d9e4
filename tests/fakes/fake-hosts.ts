// Hosts in memory, and what a handler is given to reach them: the ways to them, by the host name in a connection.

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { HandlerContext, Hosts } from "../../provider/controller/handlers/handler-context";
import type { HostSession, OpenHostOptions, VerbRequest } from "../../provider/controller/host-session";
import type { Connection } from "../../provider/model/connection";
import { LeeaError } from "../../provider/model/errors";
import type { VerbName, VerbTypes } from "../../provider/protocol/verbs";
import { protocolVersion } from "../../provider/protocol/version";
import { FakeHost } from "./hosts/fake-host";
import { endWork } from "./work-under-way";

/** Some hosts, by the host name in their connection, and a context over them. */
export class FakeWorld {
  agentHash = "11111111aaaaaaaa";
  notes: string[] = [];
  openSessions = 0;
  private readonly hosts = new Map<string, FakeHost>();

  constructor(names: readonly string[]) {
    for (const name of names) this.hosts.set(name, new FakeHost(name, this));
  }

  host(name: string): FakeHost {
    const host = this.hosts.get(name);
    if (host === undefined) throw new Error(`no host ${name}`);
    return host;
  }

  byId(nodeId: string): FakeHost {
    for (const host of this.hosts.values()) if (host.nodeId === nodeId) return host;
    throw new Error(`no node ${nodeId}`);
  }

  /** Every call on every host, as `host verb`. */
  calls(): string[] {
    return [...this.hosts.values()].flatMap((host) => host.calls.map((verb) => `${host.name} ${verb}`));
  }

  forgetCalls(): void {
    for (const host of this.hosts.values()) host.calls = [];
  }

  context(programFolder = "/"): HandlerContext {
    const hosts: Hosts = {
      open: (connection, options) => this.open(connection, options),
      removeAgent: async (connection) => this.host(connection.host).forget(),
      bundledAgentHash: () => this.agentHash,
    };
    const report = {
      note: (subject: string, text: string) => void this.notes.push(`${subject}: ${text}`),
      progress: () => undefined,
    };
    return { hosts, report, programFolder };
  }

  private async open(connection: Connection, options: OpenHostOptions): Promise<HostSession> {
    const host = this.host(connection.host);
    await Promise.resolve();
    if (!host.isUp) throw new LeeaError({ code: "HOST_UNREACHABLE", message: `Unable to reach ${host.name}` });
    if (!host.hasAgent && options.install === "never")
      throw new LeeaError({ code: "AGENT_NOT_ANSWERING", message: `no agent on ${host.name}` });
    host.hasAgent = true;
    if (options.expectNodeId !== undefined && options.expectNodeId !== host.nodeId) {
      throw new LeeaError({
        code: "IDENTITY_CHANGED",
        message: `${host.nodeId} answers where ${options.expectNodeId} was`,
      });
    }
    this.openSessions++;
    return this.sessionOn(host);
  }

  private sessionOn(host: FakeHost): HostSession {
    return {
      hostLabel: host.name,
      protocol: protocolVersion,
      call: async <V extends VerbName>(verb: V, request: VerbRequest<V>) => {
        await Promise.resolve();
        if (!host.isUp) throw new LeeaError({ code: "HOST_UNREACHABLE", message: `Unable to reach ${host.name}` });
        return host.answer(verb, request.params ?? {}, request.body) as VerbTypes[V]["answer"];
      },
      follow: async (operation) => {
        await Promise.resolve();
        if (operation.state === "running")
          return host.gpus.operation(operation.operationId) === undefined
            ? endWork(host, operation)
            : host.gpus.follow(operation);
        if (operation.state === "succeeded") return operation;
        const { code = "INTERNAL", message = "failed" } = operation.error ?? {};
        throw new LeeaError({ code, message });
      },
      uploadImage: (path) => {
        const hash = createHash("sha256").update(readFileSync(path)).digest("hex");
        host.images.add(hash);
        return Promise.resolve(hash);
      },
      close: () => {
        this.openSessions--;
      },
    };
  }
}
