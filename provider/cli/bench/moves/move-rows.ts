// Samples of moves -> the rows of the table. Pure.

import { atMostFloor, atMostPeer, type BenchRow, makeRow, type Side, type Target } from "../report/bench-row";
import { medianOf } from "../report/statistics";
import type { MoveSamples } from "./move-rounds";
import type { CutoverTimes, MoveSample } from "./move-sample";

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
    note: `the floor is the ${movePhase} alone; its whole script takes ${tell(pick("floor", "wholeMs"))} ms; leea's own RAM phase takes ${tell(pick("leea", "memoryMs"))} ms`,
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

/** Where the time from STOP to RESUME goes, here and in the floor, and what the grant is of it. */
function cutover({ leea, floor, times, floorTimes }: MoveSamples): string {
  if (leea.length === 0) return "leea was not measured here";
  return `after STOP: ${tellCutover(times, leea)} (leea); ${tellCutover(floorTimes, floor)} (floor, which grants nothing)`;
}

function tellCutover(times: readonly CutoverTimes[], samples: readonly MoveSample[]): string {
  const of = (field: keyof CutoverTimes): string => tell(times.map((each) => each[field]));
  const after = tell(samples.map((sample) => sample.afterCompletionMs));
  return `gate ${of("gate")}, mirrors ended ${of("mirrorsEnded")}, QEMU complete ${of("completed")}, then up to RESUME ${after} ms`;
}

function tell(samples: readonly number[]): string {
  return medianOf(samples).toFixed(1);
}
