// The events of one monitor in their order, so that a wait can begin at a command and miss nothing. Bounded: a wait that
// begins before what is kept is an error, never a silent miss.

import { LeeaError } from "../../model/errors";
import type { QmpEvent } from "./events";

const keptEvents = 16_384;

interface Waiter {
  readonly predicate: (event: QmpEvent) => boolean;
  readonly resolve: (event: QmpEvent) => void;
  readonly reject: (error: Error) => void;
}

/** What to wait for: from the cursor `since` (absent: from now), for at most `timeoutMs`. */
export interface EventWait {
  readonly timeoutMs: number;
  readonly since?: number;
}

/** Keeps events, tells listeners, ends waits. */
export class EventHistory {
  #events: QmpEvent[] = [];
  #dropped = 0;
  #ended: Error | undefined;
  readonly #waiters = new Set<Waiter>();
  readonly #listeners = new Set<(event: QmpEvent) => void>();

  /** Position after the last event. */
  get cursor(): number {
    return this.#dropped + this.#events.length;
  }

  /** Adds an event. */
  add(event: QmpEvent): void {
    this.#events.push(event);
    if (this.#events.length > keptEvents) {
      this.#events = this.#events.slice(keptEvents / 2);
      this.#dropped += keptEvents / 2;
    }
    for (const waiter of [...this.#waiters]) if (waiter.predicate(event)) waiter.resolve(event);
    for (const listener of [...this.#listeners]) listener(event);
  }

  /** Calls the listener for each event from now on, until the returned function is called. */
  listen(listener: (event: QmpEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Gives the first event from `since` on that fits. Errors: TIMED_OUT, QMP_CLOSED, INTERNAL (`since` is not kept any more). */
  wait<E extends QmpEvent>(predicate: (event: QmpEvent) => event is E, options: EventWait): Promise<E>;
  wait(predicate: (event: QmpEvent) => boolean, options: EventWait): Promise<QmpEvent>;
  async wait(predicate: (event: QmpEvent) => boolean, options: EventWait): Promise<QmpEvent> {
    const since = options.since ?? this.cursor;
    if (since < this.#dropped)
      throw new LeeaError({ code: "INTERNAL", message: "QMP events since the cursor are not kept any more" });
    const known = this.#events.slice(since - this.#dropped).find(predicate);
    if (known !== undefined) return known;
    if (this.#ended !== undefined) throw this.#ended;
    return this.#waitForNext(predicate, options.timeoutMs);
  }

  /** Ends every wait, now and later, with the error. */
  end(error: Error): void {
    this.#ended = error;
    for (const waiter of [...this.#waiters]) waiter.reject(error);
  }

  #waitForNext(predicate: Waiter["predicate"], timeoutMs: number): Promise<QmpEvent> {
    return new Promise((resolve, reject) => {
      const settle = (): void => {
        clearTimeout(timer);
        this.#waiters.delete(waiter);
      };
      const waiter: Waiter = {
        predicate,
        resolve: (event) => (settle(), resolve(event)),
        reject: (error) => (settle(), reject(error)),
      };
      const timer = setTimeout(() => waiter.reject(waitTimedOut(timeoutMs)), timeoutMs);
      this.#waiters.add(waiter);
    });
  }
}

function waitTimedOut(timeoutMs: number): LeeaError {
  return new LeeaError({
    code: "TIMED_OUT",
    message: `QEMU sent no such event within ${timeoutMs} ms`,
    hint: "Look at the VM's state and the host's load.",
  });
}
