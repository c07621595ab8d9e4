// Waits for an operation by its stream of events, and by asking where no stream can be had. The operation goes on on
// its host whatever happens here.

import { setTimeout as pause } from "node:timers/promises";
import { isLeeaError, LeeaError } from "../model/errors";
import type { Operation, Progress } from "../protocol/operation";
import { fromWireError } from "../protocol/wire-error";
import type { AgentClient } from "./agent-link/agent-client";

/** What following needs of a session. */
export interface Follower {
  readonly label: string;
  readonly client: AgentClient;
  /** Reaches the agent again after the connection was lost. */
  recover(): Promise<void>;
  /** Takes a channel for a stream; undefined where all are taken. The result gives it back. */
  takeStream(): (() => void) | undefined;
}

/** How long a host may be out of reach before following ends; the operation does not end with it. */
const lostDeadlineMs = 120_000;
const pollMs = 500;

/** Resolves with the operation when it has succeeded. Throws its own error, CANCELLED, or HOST_UNREACHABLE after 2 min without the host. */
export async function followOperation(
  follower: Follower,
  operation: Operation,
  onProgress: (progress: Progress) => void,
): Promise<Operation> {
  let latest = operation;
  let lostSinceMs: number | undefined;
  const note = (seen: Operation): void => {
    latest = seen;
    lostSinceMs = undefined;
    onProgress(seen.progress);
  };
  while (latest.state === "running") {
    try {
      if (lostSinceMs !== undefined) await follower.recover();
      await watchOnce(follower, latest.operationId, note);
    } catch (error) {
      if (!isLost(error)) throw error;
      lostSinceMs ??= Date.now();
      if (Date.now() - lostSinceMs > lostDeadlineMs) throw lostError(follower, latest, error);
      await pause(pollMs);
    }
  }
  return settle(follower, latest);
}

// One stream to its end, which may be before the operation's, or one question after a pause.
async function watchOnce(follower: Follower, operationId: string, note: (operation: Operation) => void): Promise<void> {
  const giveBack = follower.takeStream();
  if (giveBack === undefined) {
    await pause(pollMs);
    return note(await follower.client.send("getOperation", { params: { operationId } }));
  }
  try {
    let last: Operation | undefined;
    for await (const seen of readEvents(follower, operationId)) note((last = seen));
    if (last?.state === "running" || last === undefined)
      note(await follower.client.send("getOperation", { params: { operationId } }));
  } finally {
    giveBack();
  }
}

// Server-sent events (HTML standard, 9.2): an event ends with an empty line, its payload is in its `data:` lines.
async function* readEvents(follower: Follower, operationId: string): AsyncGenerator<Operation> {
  const stream = await follower.client.open("watchOperation", { params: { operationId } });
  let text = "";
  try {
    for await (const chunk of stream) {
      const events = (text + String(chunk)).replaceAll("\r\n", "\n").split("\n\n");
      text = events.pop() ?? "";
      for (const event of events) {
        const data = event.split("\n").flatMap((line) => (line.startsWith("data:") ? [line.slice(5).trimStart()] : []));
        if (data.length > 0) yield JSON.parse(data.join("\n")) as Operation;
      }
    }
  } catch (cause) {
    throw new LeeaError({
      code: "AGENT_NOT_ANSWERING",
      message: `Unable to read the progress from host "${follower.label}": the stream broke off`,
      cause,
    });
  } finally {
    stream.destroy();
  }
}

function isLost(error: unknown): boolean {
  return (
    isLeeaError(error, "AGENT_NOT_ANSWERING") ||
    isLeeaError(error, "HOST_UNREACHABLE") ||
    isLeeaError(error, "TIMED_OUT")
  );
}

function lostError(follower: Follower, operation: Operation, cause: unknown): LeeaError {
  return new LeeaError({
    code: "HOST_UNREACHABLE",
    message: `Unable to follow ${operation.kind} on host "${follower.label}": the host was not to be reached for ${lostDeadlineMs / 1000} s`,
    hint: "The operation may go on on the host. Run again when the host is back: it is found by its id and followed to its end.",
    details: { operationId: operation.operationId, phase: operation.progress.phase },
    cause,
  });
}

function settle(follower: Follower, operation: Operation): Operation {
  if (operation.state === "succeeded") return operation;
  if (operation.error !== undefined) throw fromWireError(operation.error);
  const code = operation.state === "cancelled" ? "CANCELLED" : "INTERNAL";
  throw new LeeaError({
    code,
    message: `Unable to finish ${operation.kind} on host "${follower.label}": it ended as ${operation.state}`,
    details: { operationId: operation.operationId },
  });
}
