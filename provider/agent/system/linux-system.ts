// The System of a real Linux host.

import { randomBytes } from "node:crypto";
import { linuxFiles } from "./linux-files";
import { linuxProcesses } from "./linux-processes";
import type { System } from "./system";

/** A Linux host as it is. */
export const linuxSystem: System = {
  ...linuxFiles,
  ...linuxProcesses,
  nowMs: () => Date.now(),
  randomBytes: (count) => randomBytes(count),
};
