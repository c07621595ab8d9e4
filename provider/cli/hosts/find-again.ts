// Where a VM is that was followed so far: asked again after its stream ended, until it stands still somewhere.

import { setTimeout as pause } from "node:timers/promises";
import { mergeVms, type PlacedVm } from "./merge-vms";
import type { HostWay } from "./stack-export";
import { closeSurveys, type HostSurvey, surveyHosts } from "./survey";

const limitMs = 60_000;
const pauseMs = 500;

/** The VM with the sessions that were opened to find it; the caller closes them. */
export interface FoundAgain {
  readonly vm: PlacedVm | undefined;
  readonly surveys: readonly HostSurvey[];
}

/** Looks until the VM is not moving and somebody has it, at most a minute; then whatever is so. */
export async function findAgain(ways: readonly HostWay[], vmId: string): Promise<FoundAgain> {
  const deadline = performance.now() + limitMs;
  for (;;) {
    const surveys = await surveyHosts(ways);
    const vm = mergeVms(surveys).find(({ report }) => report.vmId === vmId);
    const isSettled = vm !== undefined && vm.report.state !== "moving";
    const isGone = vm === undefined && surveys.every(({ answers }) => answers);
    if (isSettled || isGone || performance.now() > deadline) return { vm, surveys };
    closeSurveys(surveys);
    await pause(pauseMs);
  }
}
