// The program behind `npm run faults`: breaks moves at random instants and counts what goes wrong. Needs root on Linux
// and what `npm run setup` prepares. It ends with 1 when a guest ran twice, a write was lost, or `up` did not converge.

import { mkdirSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { isSound } from "./agent-kills/kill-count";
import { runAgentKills } from "./agent-kills/run-agent-kills";
import { findKind } from "./kinds/fault-kinds";
import { lifeCommand, runLife } from "./lives/provider-life";
import { listPlans, readInstant } from "./runner/draw-plan";
import { runRandomly } from "./runner/random-runs";
import type { RunPlan } from "./runner/run-once";
import { abandonWorlds } from "./world/fault-world";
import { runProvider } from "./world/provider-process";

const usage = `usage: npm run faults -- [--named] [--runs N] [--seed S] [--only RUN] [--all | --fault KIND --at INSTANT] [--minutes M] [--worlds W]
  --named        the faults that have a test of their own, instead of drawn ones
  --runs N       so many runs (20)
  --seed S       draws the same faults at the same instants again (the time of day)
  --only RUN     one run of that seed alone
  --all          every fault at each of its instants, once, instead of drawn ones
  --fault, --at  that fault in every run, at an instant of the move or a number of ms after its begin
  --minutes M    no new run after that time
  --worlds W     so many labs side by side (3)
  --times        tells where the seconds of each run went
  --agent-kills K  instead of moves: K random kills of one agent under 20 VMs of fake QEMU processes
`;

async function main(argv: readonly string[]): Promise<number> {
  if (argv[0] === "provider") {
    await runProvider();
    return 0;
  }
  if (argv[0] === lifeCommand) {
    await runLife();
    return 0;
  }
  const { values } = parseArgs({
    args: [...argv],
    options: {
      runs: { type: "string", default: "20" },
      seed: { type: "string", default: String(Date.now() % 1_000_000) },
      only: { type: "string" },
      fault: { type: "string" },
      at: { type: "string", default: "gate" },
      all: { type: "boolean", default: false },
      minutes: { type: "string" },
      worlds: { type: "string", default: "3" },
      times: { type: "boolean", default: false },
      "agent-kills": { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    process.stdout.write(usage);
    return 0;
  }
  for (const signal of ["SIGINT", "SIGTERM"] as const)
    process.once(signal, () => void abandonWorlds().then(() => process.exit(130)));
  const seed = Number(values.seed);
  if (values["agent-kills"] !== undefined) return killAgents(Number(values["agent-kills"]), seed);
  const last = values.all ? listPlans().length : Number(values.runs);
  const runs = values.only === undefined ? numbersTo(last) : [Number(values.only)];
  const count = await runRandomly({
    seed,
    runs,
    folder: ".leea",
    worlds: Number(values.worlds),
    isTimed: values.times,
    tell: (line) => void process.stderr.write(`${line}\n`),
    ...planOf(values),
    ...(values.minutes === undefined ? {} : { limitMs: Number(values.minutes) * 60_000 }),
  });
  process.stdout.write(`\nseed ${seed}\n${count.table()}\n`);
  return count.isSound() ? 0 : 1;
}

/** Prints the count, and keeps it in .leea/agent-kills.json. */
async function killAgents(kills: number, seed: number): Promise<number> {
  const report = (line: string): void => void process.stderr.write(`${line}\n`);
  const count = await runAgentKills({ kills, seed, report, root: process.cwd() });
  mkdirSync(".leea", { recursive: true });
  writeFileSync(".leea/agent-kills.json", `${JSON.stringify({ seed, ...count }, undefined, 2)}\n`);
  const lines = Object.entries({ seed, ...count }).map(([name, figure]) => `${name.padEnd(16)} ${figure}`);
  process.stdout.write(`\n${lines.join("\n")}\n`);
  return isSound(count) ? 0 : 1;
}

interface Choice {
  readonly all: boolean;
  readonly fault?: string;
  readonly at: string;
}

/** How a run's plan comes about where it is not drawn. */
function planOf({ all, fault, at }: Choice): { planOf?: (run: number) => RunPlan } {
  if (all) return { planOf: (run) => planNumber(run) };
  if (fault === undefined) return {};
  const plan = { kind: findKind(fault), instant: readInstant(at) };
  return { planOf: () => plan };
}

function planNumber(run: number): RunPlan {
  const plan = listPlans()[run - 1];
  if (plan === undefined) throw new Error(`there are ${listPlans().length} plans`);
  return plan;
}

function numbersTo(last: number): number[] {
  return Array.from({ length: last }, (_, index) => index + 1);
}

main(process.argv.slice(2)).then(
  (status) => {
    process.exitCode = status;
  },
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exitCode = 1;
  },
);
