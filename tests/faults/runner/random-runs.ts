// Many runs, each with the fault that its number draws, in a few worlds side by side: most of a run is waiting. A run that
// leaves its world broken is counted and the world is made anew, so that the next run begins as the first one did.

import { wordsOf } from "../world/converge";
import { closeFaultWorld, type FaultWorld, openFaultWorld } from "../world/fault-world";
import { describePlan, drawPlan } from "./draw-plan";
import { FaultCount } from "./fault-count";
import { keepEvidence, summarize } from "./keep-evidence";
import { isSound, type RunPlan, type RunResult, runOnce } from "./run-once";

/** What to run. `plans` are numbered as they were drawn; `folder` is where figures and evidence go. */
export interface RandomRuns {
  readonly seed: number;
  readonly runs: readonly number[];
  readonly planOf?: (run: number) => RunPlan;
  readonly folder: string;
  readonly limitMs?: number;
  /** How many worlds work side by side. */
  readonly worlds: number;
  readonly tell: (line: string) => void;
  /** Whether each run's line tells where its time went. */
  readonly isTimed?: boolean;
}

/** Runs them all, or as many as the time allows, and gives the figures. */
export async function runRandomly(task: RandomRuns): Promise<FaultCount> {
  const count = new FaultCount(task.seed);
  const endsAtMs = performance.now() + (task.limitMs ?? Number.POSITIVE_INFINITY);
  const queue = [...task.runs];
  const next = (): number | undefined => (performance.now() > endsAtMs ? undefined : queue.shift());
  const worlds = Array.from({ length: Math.min(task.worlds, queue.length) }, (_, index) => index + 1);
  const ends = await Promise.allSettled(worlds.map((world) => runInWorld(task, world, next, count)));
  count.write(`${task.folder}/faults.json`);
  for (const end of ends) if (end.status === "rejected") throw end.reason;
  return count;
}

/** One run after the other. */
async function runInWorld(
  task: RandomRuns,
  world: number,
  next: () => number | undefined,
  count: FaultCount,
): Promise<void> {
  const planOf = task.planOf ?? ((run: number) => drawPlan(task.seed, run));
  let opened: FaultWorld | undefined;
  try {
    for (let run = next(); run !== undefined; run = next()) {
      opened ??= await openFaultWorld(`faults${world}`);
      const isWhole = await runAndCount(opened, { ...task, run, plan: planOf(run) }, count);
      count.write(`${task.folder}/faults.json`);
      if (isWhole) continue;
      await closeFaultWorld(opened);
      opened = undefined;
    }
  } finally {
    await closeFaultWorld(opened);
  }
}

async function runAndCount(
  opened: FaultWorld,
  task: RandomRuns & { readonly run: number; readonly plan: RunPlan },
  count: FaultCount,
): Promise<boolean> {
  const { run, plan, seed, folder, tell } = task;
  const result = await runOnce(opened, plan).catch((error: unknown): RunResult | string => wordsOf(error));
  const words = `run ${run} of ${task.runs.length}  ${describePlan(plan)}`;
  if (typeof result !== "string" && isSound(result)) {
    count.add(plan, result);
    tell(`${words}\n    ${summarize(result)}${task.isTimed === true ? `\n    ${result.phases}` : ""}`);
    return true;
  }
  const outcome = typeof result === "string" ? { ...broken, trouble: [result] } : result;
  count.add(plan, outcome);
  await keepEvidence(opened, `${folder}/faults/${run}`, words, result);
  tell(`${words}\n    ${typeof result === "string" ? `WRONG: ${result}` : summarize(result)}`);
  tell(`    evidence in ${folder}/faults/${run}; again with: npm run faults -- --seed ${seed} --only ${run}`);
  return false;
}

/** A run that the rig could not bring to its end: counted as one that did not converge. */
const broken = { struck: true, doubleRuns: [], lostWrites: 0 };
