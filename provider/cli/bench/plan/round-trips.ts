// What a plan asks of its hosts, and nothing else of it: the part of a plan's time that no provider could save. It is
// measured through leea's own client.

import { closeIdleHosts } from "../../../controller/host-pool";
import { type AttachedHost, openHost } from "../../../controller/host-session";
import type { Connection } from "../../../model/connection";

/** How many resources the CLI refreshes at once, where nobody says otherwise. */
const parallelism = 10;

/** A host and the VMs that a plan reads from it, by their ids. */
export interface AskedHost {
  readonly connection: Connection;
  readonly vmIds: readonly string[];
}

/** Looks up which VMs each host has: a plan knows that from its state. */
export async function findAskedHosts(connections: readonly Connection[]): Promise<AskedHost[]> {
  const asking = connections.map(async (connection) => {
    const session = await openHost(connection, { install: "never" });
    const { vms } = await session.call("listVms", {});
    session.close();
    return { connection, vmIds: vms.map(({ vmId }) => vmId) };
  });
  return Promise.all(asking);
}

/** Seconds for a new SSH connection to each host and one call a resource, in turns over the hosts, ten at once. */
export async function timeRoundTrips(hosts: readonly AskedHost[]): Promise<number> {
  closeIdleHosts();
  const startedAtMs = performance.now();
  const sessions = await Promise.all(hosts.map(({ connection }) => openHost(connection, { install: "never" })));
  const calls = interleave(sessions.map((session, index) => callsOf(session, hosts[index]?.vmIds ?? []))).values();
  const caller = async (): Promise<void> => {
    for (const call of calls) await call();
  };
  await Promise.all(Array.from({ length: parallelism }, caller));
  const seconds = (performance.now() - startedAtMs) / 1000;
  for (const session of sessions) session.close();
  return seconds;
}

/** The first of each list, then the second of each, and so on. */
export function interleave<T>(lists: readonly (readonly T[])[]): T[] {
  const longest = Math.max(0, ...lists.map(({ length }) => length));
  return Array.from({ length: longest }, (_, at) => lists.flatMap((list) => list.slice(at, at + 1))).flat();
}

function callsOf(session: AttachedHost, vmIds: readonly string[]): (() => Promise<unknown>)[] {
  const vms = vmIds.map((vmId) => () => session.call("getVm", { params: { vmId } }));
  return [() => session.call("getNode", {}), ...vms];
}
