// Samples of moves -> the rows of the table. Pure.

import { atMostFloor, atMostPeer, type BenchRow, makeRow, type Side, type Target } from "../report/bench-row";
import { medianOf } from "../report/statistics";
import type { MoveSamples } from "./move-rounds";
import type { MoveSample } from "./move-sample";

/** What was measured on one path with one guest. `rate` and `dirty` in MiB/s. */
export interface MovesMeasured {
  readonly rate: number;
  readonly dirty: number;
  readonly samples: MoveSamples;
}

const movePhase = "RAM phase of the floor";

/** The rows. */
export function rowsOfMoves(title: string, { rate, dirty, samples }: MovesMeasured): readonly BenchRow[] {
  const pick = (side: Side, field: keyof MoveSample): number[] => samples[side].map((sample) => sample[field]);
  const row = (name: string, field: keyof MoveSample, target?: Target, note?: string): BenchRow =>
    makeRow({
      row: `${name}, ${title}`,
      unit: "ms",
      samples: { leea: pick("leea", field), floor: pick("floor", field), peer: pick("peer", field) },
      ...(target === undefined ? {} : { target }),
      ...(note === undefined ? {} : { note }),
    });
  const whole = makeRow({
    row: `whole move, command to done, ${title}`,
    unit: "ms",
    samples: { leea: pick("leea", "wholeMs"), floor: pick("floor", "memoryMs"), peer: pick("peer", "wholeMs") },
    target: atMostPeer("<= 0.4 x peer", 0.4),
    note: `the floor is the ${movePhase} alone; its whole script takes ${tell(pick("floor", "wholeMs"))} ms`,
  });
  const rates = `the path carries ${Math.round(rate)} MiB/s of such a stream, the guest dirties ${dirty}`;
  return [
    row(
      "STOP to RESUME",
      "stopToResumeMs",
      atMostFloor("<= floor + 20 ms", { extra: 20 }),
      `${rates}; ${cutover(samples)}`,
    ),
    row("guest's whole outage", "outageMs"),
    row("downtime by QEMU", "downtimeMs", atMostPeer("<= 0.5 x peer", 0.5)),
    whole,
  ];
}

/** Where leea's STOP to RESUME goes, and what the grant is of it. */
function cutover({ leea, times }: MoveSamples): string {
  if (leea.length === 0) return "leea was not measured here";
  const of = (field: "gate" | "mirrorsEnded" | "completed"): number[] => times.map((each) => each[field]);
  const after = leea.map((sample) => sample.afterCompletionMs);
  return `leea after STOP: gate ${tell(of("gate"))}, mirrors ended ${tell(of("mirrorsEnded"))}, QEMU complete ${tell(of("completed"))}, then the grant ${tell(after)} ms`;
}

function tell(samples: readonly number[]): string {
  return medianOf(samples).toFixed(1);
}
