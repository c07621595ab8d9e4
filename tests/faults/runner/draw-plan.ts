// Which fault strikes when, from a seed and the number of the run: the same run of the same seed is the same plan, however
// many ran before it.

import { createHash } from "node:crypto";
import type { FaultKind } from "../kinds/fault-kind";
import { faultKinds } from "../kinds/fault-kinds";
import { type Moment, moments } from "../world/moments";
import type { Instant, RunPlan } from "./run-once";

/** Latest of the instants that are drawn by time. A move takes about that long. */
const latestMs = 3_000;
const shareByTime = 0.3;

/** The plan of a run, counted from 1. */
export function drawPlan(seed: number, run: number): RunPlan {
  const draw = drawer(`${seed}/${run}`);
  const kind = pick(faultKinds, draw());
  const instant: Instant = draw() < shareByTime ? Math.floor(draw() * latestMs) : pick(instantsOf(kind), draw());
  return { kind, instant };
}

/** Every kind at each of its instants, one after the other: what `--all` runs. */
export function listPlans(): readonly RunPlan[] {
  return faultKinds.flatMap((kind) => instantsOf(kind).map((instant) => ({ kind, instant })));
}

function instantsOf({ earliest, latest }: FaultKind): readonly Moment[] {
  const first = earliest === undefined ? 0 : moments.indexOf(earliest);
  return moments.slice(first, latest === undefined ? undefined : moments.indexOf(latest) + 1);
}

/** A plan in words, as `--only` is told of it. */
export function describePlan({ kind, instant }: RunPlan): string {
  return `${kind.name} at ${typeof instant === "number" ? `${instant} ms` : instant}`;
}

/** An instant from its words: a name, or milliseconds. */
export function readInstant(words: string): Instant {
  if (/^\d+$/.test(words)) return Number(words);
  const found = moments.find((moment): moment is Moment => moment === words);
  if (found === undefined) throw new Error(`there is no instant ${words}; there are ${moments.join(", ")}`);
  return found;
}

/** Numbers from 0 up to 1, the same for the same words. */
function drawer(words: string): () => number {
  let count = 0;
  return () => {
    count += 1;
    return createHash("sha256").update(`${words}/${count}`).digest().readUInt32BE(0) / 2 ** 32;
  };
}

function pick<T>(values: readonly T[], drawn: number): T {
  const value = values[Math.floor(drawn * values.length)];
  if (value === undefined) throw new Error("nothing to draw from");
  return value;
}
