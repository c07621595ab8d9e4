// The calls that wait for QEMU's answer, by number. Every call ends: by its answer, its deadline or the monitor's end.

import { LeeaError } from "../../model/errors";
import { isAnswerOf } from "./check-answer";

/** Of QEMU's own words, so many characters are kept: a broken one may send megabytes. */
const maxWords = 2_000;

/** What became of a QMP line that answers a call; nothing in it is believed before it was looked at. */
export interface QmpAnswer {
  readonly id?: unknown;
  readonly return?: unknown;
  readonly error?: unknown;
}

interface Pending {
  readonly command: string;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** Hands out numbers and keeps the calls of one monitor. */
export class PendingCalls {
  #lastId = 0;
  readonly #pending = new Map<number, Pending>();

  /** Registers a call, sends it under its number, and gives its answer. Errors: QMP_COMMAND_FAILED, QMP_CLOSED, TIMED_OUT, PROTOCOL_INVALID. */
  start(command: string, timeoutMs: number, send: (id: number) => void): Promise<unknown> {
    this.#lastId += 1;
    const id = this.#lastId;
    return new Promise((resolve, reject) => {
      const settle = (): void => {
        clearTimeout(timer);
        this.#pending.delete(id);
      };
      const pending: Pending = {
        command,
        resolve: (value) => (settle(), resolve(value)),
        reject: (error) => (settle(), reject(error)),
      };
      const timer = setTimeout(() => pending.reject(callTimedOut(command, timeoutMs)), timeoutMs);
      this.#pending.set(id, pending);
      send(id);
    });
  }

  /** Ends the call that the line answers. An answer that came after its deadline is nobody's any more. */
  settle(answer: QmpAnswer): void {
    const pending = typeof answer.id === "number" ? this.#pending.get(answer.id) : undefined;
    if (pending === undefined) return;
    if (answer.error !== undefined) return pending.reject(commandFailed(pending.command, answer.error));
    if (isAnswerOf(pending.command, answer.return)) return pending.resolve(answer.return);
    pending.reject(oddAnswer(pending.command));
  }

  /** Ends every call with the error. */
  end(error: Error): void {
    for (const pending of [...this.#pending.values()]) pending.reject(error);
  }
}

// The arguments stay out of these errors: they may hold what must not be logged.
function commandFailed(command: string, error: unknown): LeeaError {
  const { class: name, desc } = (typeof error === "object" && error !== null ? error : {}) as Record<string, unknown>;
  const words = typeof desc === "string" ? desc.slice(0, maxWords) : "it gave no reason";
  return new LeeaError({
    code: "QMP_COMMAND_FAILED",
    message: `QEMU refused ${command}: ${words}`,
    hint: "The text is QEMU's own; look at the VM's state.",
    details: { command, class: typeof name === "string" ? name.slice(0, maxWords) : "", desc: words },
  });
}

function oddAnswer(command: string): LeeaError {
  return new LeeaError({
    code: "PROTOCOL_INVALID",
    message: `QEMU's answer to ${command} is not what that command gives`,
    hint: "This QEMU is of another kind than those that leea knows, or it is broken; look at its version and its log.",
    details: { command },
  });
}

function callTimedOut(command: string, timeoutMs: number): LeeaError {
  return new LeeaError({
    code: "TIMED_OUT",
    message: `QEMU did not answer ${command} within ${timeoutMs} ms`,
    hint: "Its monitor may be stuck behind a dead connection; look at the host's load and the VM's move.",
    details: { command },
  });
}
