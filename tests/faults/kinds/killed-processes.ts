// Faults of one process: killed as the kernel's out-of-memory killer does it, or frozen as under a hung disk.

import { setTimeout as delay } from "node:timers/promises";
import { findAgent, signalProcess } from "../world/find-processes";
import type { FaultKind, FaultSite } from "./fault-kind";

const frozenMs = 6_000;

/** SIGKILL to the process that runs the provider's handler. */
export const killProvider: FaultKind = {
  name: "kill-provider",
  needsProviderProcess: true,
  latest: "finish",
  arm: async (site) => ({
    strike: () => {
      site.killProvider();
      return true;
    },
  }),
};

/** SIGKILL to the source's agent. */
export const killSourceAgent = killAgent("kill-source-agent", ({ from }) => from);

/** SIGKILL to the destination's agent. */
export const killDestinationAgent = killAgent("kill-destination-agent", ({ to }) => to);

/** SIGKILL to the QEMU that the guest runs in. */
export const killSourceQemu: FaultKind = {
  ...killQemu("kill-source-qemu", ({ from }) => from),
  victim: "source",
  latest: "former",
};

/** SIGKILL to the QEMU that the guest is to run in. */
export const killDestinationQemu: FaultKind = {
  ...killQemu("kill-destination-qemu", ({ to }) => to),
  victim: "destination",
  earliest: "destination-born",
};

/** The destination's QEMU stands still for some seconds with all its connections open. */
export const freezeDestinationQemu: FaultKind = {
  name: "freeze-destination-qemu",
  earliest: "destination-born",
  arm: async ({ opened, to }) => {
    let pids: readonly number[] = [];
    return {
      strike: () => {
        pids = opened.copies.pidsOn(to);
        for (const pid of pids) signalProcess(pid, "SIGSTOP");
        const frozen = pids;
        void delay(frozenMs).then(() => frozen.forEach((pid) => signalProcess(pid, "SIGCONT")));
        return pids.length > 0;
      },
    };
  },
};

function killAgent(name: string, hostOf: (site: FaultSite) => "a" | "b"): FaultKind {
  return {
    name,
    arm: async (site) => {
      const pid = findAgent(site.opened.world.lab, hostOf(site));
      return {
        strike: () => {
          signalProcess(pid, "SIGKILL");
          return true;
        },
      };
    },
  };
}

function killQemu(name: string, hostOf: (site: FaultSite) => "a" | "b"): FaultKind {
  return {
    name,
    arm: async (site) => ({
      strike: () => {
        const pids = site.opened.copies.pidsOn(hostOf(site));
        for (const pid of pids) signalProcess(pid, "SIGKILL");
        return pids.length > 0;
      },
    }),
  };
}
