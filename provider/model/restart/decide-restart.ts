// Whether a VM that does not run is started again, and when. A VM that was asked to stop never is.
//
//   it ended because …              never            on-failure          always
//   the guest powered itself off    stays stopped    stays stopped       starts, with back-off
//   the guest panicked              stays crashed    starts, with back-off
//   QEMU crashed, or did not start  stays crashed    starts, with back-off
//   its host went down              stays crashed    starts at once

import type { RestartPolicy } from "../vm-spec";

/**
 * How it ended. A QEMU that was found dead by a new agent is `crashed`, or `host-down` where the host has booted since: a
 * guest that powers off while no agent looks leaves its QEMU standing, so it is never taken for a crash.
 */
export type MachineEnd = "powered-off" | "panicked" | "crashed" | "start-failed" | "host-down";

/** Starts of leea's own since the VM last ran well, and when the last of them was (ms since 1970). */
export interface RestartHistory {
  readonly failures: number;
  readonly lastStartAtMs?: number;
}

/** What is known when a machine has ended. Times are ms since 1970. */
export interface EndedState {
  readonly policy: RestartPolicy;
  readonly wantsToRun: boolean;
  readonly end: MachineEnd;
  readonly history: RestartHistory;
  readonly nowMs: number;
}

/** `degraded`: it fails again and again; it is still tried, at the longest interval at last. `failures` is for the next time. */
export type RestartDecision =
  | {
      readonly act: "start";
      readonly atMs: number;
      readonly failures: number;
      readonly degraded: boolean;
      readonly because: string;
    }
  | { readonly act: "leave"; readonly because: string };

const firstDelayMs = 1_000;
const longestDelayMs = 5 * 60_000;
const ranWellMs = 10 * 60_000;
/** Fast failures in a row from which a VM is reported as degraded. */
const degradedFrom = 5;

const words: Readonly<Record<MachineEnd, string>> = {
  "powered-off": "the guest powered itself off",
  panicked: "the guest panicked",
  crashed: "its QEMU ended without being asked to",
  "start-failed": "it did not start",
  "host-down": "its host went down while it ran, and has booted",
};

/** The rule of the table above. */
export function decideRestart(state: EndedState): RestartDecision {
  const ended = words[state.end];
  if (!state.wantsToRun) return { act: "leave", because: "it was asked to stop" };
  if (state.policy === "never") return { act: "leave", because: `${ended}, and restart is never` };
  if (state.end === "powered-off" && state.policy === "on-failure")
    return { act: "leave", because: `${ended}, and restart is on-failure` };
  const failures = earlierFailures(state);
  const degraded = failures + 1 >= degradedFrom;
  const delayMs = state.end === "host-down" ? 0 : Math.min(longestDelayMs, firstDelayMs * 2 ** Math.min(failures, 20));
  return { act: "start", atMs: state.nowMs + delayMs, failures: failures + 1, degraded, because: ended };
}

/** None of them counts any more once it ran long enough. A clock that was set back counts as a short run. */
function earlierFailures({ history, end, nowMs }: EndedState): number {
  if (end === "host-down" || history.lastStartAtMs === undefined) return 0;
  const ranMs = nowMs - history.lastStartAtMs;
  return ranMs >= ranWellMs ? 0 : history.failures;
}
