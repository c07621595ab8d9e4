// Ctrl-C: what runs is asked to end and waited for, then this program ends. Nothing is cleaned up here: the next run
// does that, because a run that is killed cannot.

import { constants } from "node:os";

type Stop = () => Promise<void>;

const stops = new Set<Stop>();
let interruptedBy: NodeJS.Signals | undefined;

/** Ends this program on SIGINT, SIGTERM and SIGHUP: all stops first, then `farewell`. A second signal ends it at once. */
export function exitOnInterrupt(farewell: string): void {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => {
      const status = 128 + constants.signals[signal];
      if (interruptedBy !== undefined) process.exit(status);
      interruptedBy = signal;
      void Promise.allSettled([...stops].map((stop) => stop())).then(() => {
        process.stderr.write(`\n${farewell}\n`);
        process.exit(status);
      });
    });
  }
}

/** Runs `work`; an interrupt meanwhile calls `stop` and waits for it. */
export async function stoppable<T>(stop: Stop, work: Promise<T>): Promise<T> {
  stops.add(stop);
  try {
    return await work;
  } finally {
    stops.delete(stop);
  }
}

/** Never resolves after an interrupt: whatever fails because its programs were stopped is not told as a failure. */
export async function holdIfInterrupted(): Promise<void> {
  if (interruptedBy !== undefined) await new Promise(() => undefined);
}
