// The destination gives up a move that says nothing for minutes: as long as this one goes on, it hears of it.

import { askDestination, type SourceMove } from "./source-move";

const heartbeatMs = 20_000;

/** Speaks to the destination now and then until `end` is called. */
export function keepAlive(move: SourceMove): { end(): void } {
  const timer = setInterval(() => void askDestination(move, "readMove", undefined).catch(() => undefined), heartbeatMs); // the phases see a dead link by themselves
  return { end: () => clearInterval(timer) };
}
