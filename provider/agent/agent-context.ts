// What every part of the agent is given: the host, its paths, and a log. No globals.

import type { HostPaths } from "./host-paths";
import type { Log } from "./log";
import type { System } from "./system/system";

/** The surroundings of every act on this host. */
export interface AgentContext {
  readonly system: System;
  readonly paths: HostPaths;
  readonly log: Log;
}
