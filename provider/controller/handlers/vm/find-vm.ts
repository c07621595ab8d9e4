// Finding a VM whose host is known only from state: asks the host it was on, and follows where it was moved to. A host
// that does not answer is never read as "gone".

import type { Connection } from "../../../model/connection";
import { LeeaError } from "../../../model/errors";
import type { VmAnswer, VmReport } from "../../../protocol/vm";
import type { HostSession } from "../../host-session";
import type { Hosts } from "../handler-context";

/** A host to ask: its id and the way to it. */
export interface HostToAsk {
  readonly nodeId: string;
  readonly connection: Connection;
}

/** Where the VM is. The session is the caller's to close. */
export interface FoundVm {
  readonly session: HostSession;
  readonly connection: Connection;
  readonly report: VmReport;
}

const maxHops = 16;

/**
 * The VM on the first host, or wherever that host says it went; undefined where its trace ends at a host that knows
 * nothing of it. HOST_UNREACHABLE and the other errors of opening where a host on the way does not answer.
 */
export async function findVm(hosts: Hosts, vmId: string, start: HostToAsk): Promise<FoundVm | undefined> {
  let next: HostToAsk = start;
  for (let hop = 0; hop < maxHops; hop++) {
    const session = await hosts.open(next.connection, { install: "never", expectNodeId: next.nodeId });
    let isKept = false;
    try {
      const answer = await askForVm(session, vmId);
      if (answer.found === "absent") return undefined;
      if (answer.found === "here") {
        isKept = true;
        return { session, connection: next.connection, report: answer.report };
      }
      next = {
        nodeId: answer.movedTo.nodeId,
        connection: connectionOf(answer.movedTo.connection, vmId, session.hostLabel),
      };
    } finally {
      if (!isKept) session.close();
    }
  }
  throw new LeeaError({
    code: "INTERNAL",
    message: `VM ${vmId} was handed on by more than ${maxHops} hosts, so its trace is a circle`,
  });
}

/** The host's answer. A deletion that still runs there, whoever began it, is waited for; throws what it fails with. */
export async function askForVm(session: HostSession, vmId: string): Promise<VmAnswer> {
  const answer = await session.call("getVm", { params: { vmId } });
  if (answer.found !== "absent" || answer.operationId === undefined) return answer;
  await session.follow(await session.call("getOperation", { params: { operationId: answer.operationId } }));
  return { found: "absent" };
}

function connectionOf(value: unknown, vmId: string, hostLabel: string): Connection {
  if (typeof value === "object" && value !== null && "host" in value) return value as Connection;
  throw new LeeaError({
    code: "NOT_FOUND",
    message: `${hostLabel} says that VM ${vmId} was moved, and not how to reach its new host`,
    hint: "Declare the VM's node as the host that it is on now, and run again.",
  });
}
