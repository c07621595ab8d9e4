// Faults of a whole host: its power is cut, with everything on it, and it boots again a little later.

import { setTimeout as delay } from "node:timers/promises";
import { bootHost, killHost } from "../../../provider/cli/lab/lab";
import { signalProcess } from "../world/find-processes";
import type { FaultKind, FaultSite } from "./fault-kind";

const offMs = 1_000;

/** The source loses its power. */
export const cutSourcePower: FaultKind = {
  ...cutPower("power-cut-source", ({ from }) => from),
  victim: "source",
};

/** The destination loses its power. */
export const cutDestinationPower: FaultKind = {
  ...cutPower("power-cut-destination", ({ to }) => to),
  victim: "destination",
};

function cutPower(name: string, hostOf: (site: FaultSite) => "a" | "b"): FaultKind {
  return {
    name,
    arm: async (site) => {
      const { world } = site.opened;
      const host = hostOf(site);
      return {
        strike: async () => {
          const pid = world.lab.hosts.find((each) => each.name === host)?.pid;
          if (pid !== null && pid !== undefined) signalProcess(pid, "SIGKILL");
          world.lab = await killHost(world.lab, host);
          await delay(offMs);
          world.lab = await bootHost(world.lab, host);
          return true;
        },
      };
    },
  };
}
