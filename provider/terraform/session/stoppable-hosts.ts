// Hosts that are not waited for any longer once a signal says so: work that is followed, and every later call, fails with the
// signal's reason. What a host was given to do it goes on doing; a later run finds it by its operation id. A request that is
// on its way is given a moment to be answered: whether the host has taken the work decides what the state says.

import type { Hosts } from "../../controller/handlers/handler-context";
import type { HostSession } from "../../controller/host-session";

const answerGraceMs = 3_000;

/** The same hosts under a signal whose reason is a LeeaError. */
export function stoppableHosts(hosts: Hosts, signal: AbortSignal): Hosts {
  return {
    open: async (connection, options) => {
      signal.throwIfAborted();
      const opening = hosts.open(connection, options);
      try {
        return guardSession(await untilStopped(signal, opening), signal);
      } catch (error) {
        // One that opens after all is used by nobody.
        void opening.then(
          (session) => session.close(),
          () => undefined,
        );
        throw error;
      }
    },
    removeAgent: (connection) => guarded(signal, () => hosts.removeAgent(connection)),
    bundledAgentHash: () => hosts.bundledAgentHash(),
  };
}

function guardSession(session: HostSession, signal: AbortSignal): HostSession {
  return {
    hostLabel: session.hostLabel,
    protocol: session.protocol,
    call: (verb, request) => guarded(signal, () => session.call(verb, request), answerGraceMs),
    follow: (operation, onProgress) => guarded(signal, () => session.follow(operation, onProgress)),
    uploadImage: (path, onProgress) => guarded(signal, () => session.uploadImage(path, onProgress)),
    close: () => session.close(),
  };
}

async function guarded<T>(signal: AbortSignal, act: () => Promise<T>, graceMs = 0): Promise<T> {
  signal.throwIfAborted();
  return untilStopped(signal, act(), graceMs);
}

async function untilStopped<T>(signal: AbortSignal, work: Promise<T>, graceMs = 0): Promise<T> {
  let stop: () => void = () => undefined;
  let grace: NodeJS.Timeout | undefined;
  const stopped = new Promise<never>((_resolve, reject) => {
    stop = () => {
      grace = setTimeout(() => reject(signal.reason as Error), graceMs);
    };
    signal.addEventListener("abort", stop, { once: true });
  });
  try {
    return await Promise.race([work, stopped]);
  } finally {
    signal.removeEventListener("abort", stop);
    clearTimeout(grace);
  }
}
