// The surroundings of a program that dies once, before or after its n-th act on a host: whatever it tries afterwards
// fails, as nothing reaches a host from a dead program. Counts acts, so that every place can be tried.

import type { HandlerContext } from "../../provider/controller/handlers/handler-context";
import type { HostSession } from "../../provider/controller/host-session";
import { LeeaError } from "../../provider/model/errors";

/** Where to die. `act` counts from 1. */
export interface Death {
  readonly act: number;
  readonly when: "before" | "after";
}

/** A context for one run. `hasDied`: the place was reached. */
export interface DyingContext {
  readonly context: HandlerContext;
  readonly hasDied: () => boolean;
}

/** The same hosts, seen by a program that dies there. */
export function dieAt(whole: HandlerContext, death: Death): DyingContext {
  let acts = 0;
  let isDead = false;
  const die = (): never => {
    isDead = true;
    throw new LeeaError({ code: "HOST_UNREACHABLE", message: `the program died ${death.when} act ${death.act}` });
  };
  const act = async <T>(run: () => Promise<T>): Promise<T> => {
    if (isDead) die();
    acts += 1;
    const isHere = acts === death.act;
    if (isHere && death.when === "before") die();
    const result = await run();
    if (isHere || isDead) die();
    return result;
  };
  const wrap = (session: HostSession): HostSession => ({
    hostLabel: session.hostLabel,
    protocol: session.protocol,
    call: (verb, request) => act(() => session.call(verb, request)),
    follow: (operation, onProgress) => act(() => session.follow(operation, onProgress)),
    uploadImage: (path, onProgress) => act(() => session.uploadImage(path, onProgress)),
    close: () => session.close(),
  });
  const hosts = {
    // Opening changes nothing that a later run could stumble over but the agent itself, so it is no act of its own.
    open: async (...args: Parameters<HandlerContext["hosts"]["open"]>) =>
      isDead ? die() : wrap(await whole.hosts.open(...args)),
    removeAgent: (connection: Parameters<HandlerContext["hosts"]["removeAgent"]>[0]) =>
      act(() => whole.hosts.removeAgent(connection)),
    bundledAgentHash: () => whole.hosts.bundledAgentHash(),
  };
  return { context: { ...whole, hosts }, hasDied: () => isDead };
}
