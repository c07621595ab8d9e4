// What a fault is: armed before the move, so that it strikes within a millisecond or two of its instant, and healed
// afterwards where a real host would be mended or come back.

import type { CopyNews } from "../watch/copies-watch";
import type { FaultHost, FaultWorld } from "../world/fault-world";
import type { Moment } from "../world/moments";

/** A move from one host to the other, in which something is to break. */
export interface FaultSite {
  readonly opened: FaultWorld;
  readonly from: FaultHost;
  readonly to: FaultHost;
  /** Ends the provider that drives the move as SIGKILL does. */
  killProvider(): void;
}

/** A fault about to strike. */
export interface ArmedFault {
  /** Does the harm. False when there was nothing to harm at that instant, such as a QEMU that was not there yet. */
  strike(): boolean | Promise<boolean>;
  /** Mends what does not mend itself. Called once the provider has given up or succeeded. */
  heal?(): Promise<void>;
}

/** A kind of fault. */
export interface FaultKind {
  readonly name: string;
  /** Whose guest dies with what is killed; a guest that is booted anew for any other reason was lost. */
  readonly victim?: "source" | "destination";
  /** Instants at which there is something to harm: from the first to the last of these; absent means from the begin, or to the end. */
  readonly earliest?: Moment;
  readonly latest?: Moment;
  /** True when the provider must be a process of its own. */
  readonly needsProviderProcess?: boolean;
  arm(site: FaultSite): Promise<ArmedFault>;
}

/** The last thing that a copy said, for evidence. */
export function lastWords(news: readonly CopyNews[], count = 40): string[] {
  return news
    .slice(-count)
    .map(
      ({ host, pid, event }) =>
        `${new Date(event.atMs).toISOString()} ${host} ${pid} ${event.name} ${JSON.stringify(event.data)}`,
    );
}
