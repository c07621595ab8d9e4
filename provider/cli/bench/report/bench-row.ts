// One line of the bench's result: what leea needs, what the same thing needs without leea, what the peer needs, and
// whether the target is met. Pure: it is given samples and never measures.

import { medianOf, type Spread, spreadOf } from "./statistics";

/** Who was measured. */
export const sides = ["leea", "floor", "peer"] as const;
/** `leea`: the product. `floor`: the same by the barest means. `peer`: what others use today. */
export type Side = (typeof sides)[number];

/** Units of a row's figures. `lost`: pings. */
export type Unit = "ms" | "s" | "MiB" | "lost";

/** What must hold: `limit` from the other sides' figures; undefined where one that it needs is missing. */
export interface Target {
  readonly text: string;
  readonly limit: (of: { readonly floor: number | null; readonly peer: number | null }) => number | undefined;
}

/** One row, as .leea/bench.json holds it. Figures are medians (or what `row` names) in `unit`; null: not measured. */
export interface BenchRow {
  readonly row: string;
  readonly leea: number | null;
  readonly floor: number | null;
  readonly peer: number | null;
  readonly unit: Unit;
  /** Samples of leea's side. */
  readonly n: number;
  readonly target: string;
  /** Null where the target cannot be judged: the note says why. */
  readonly met: boolean | null;
  readonly spread: Readonly<Partial<Record<Side, Spread>>>;
  readonly note?: string;
}

/** What a row is made from. `pick` says which of the samples stands for all; the median where it is absent. */
export interface RowDraft {
  readonly row: string;
  readonly unit: Unit;
  readonly samples: Readonly<Partial<Record<Side, readonly number[]>>>;
  readonly target?: Target;
  readonly pick?: (samples: readonly number[]) => number;
  readonly note?: string;
}

/** The row of the samples. A side without samples is null. */
export function makeRow(draft: RowDraft): BenchRow {
  const pick = draft.pick ?? medianOf;
  const figure = (side: Side): number | null => {
    const samples = draft.samples[side] ?? [];
    return samples.length === 0 ? null : roundFigure(pick(samples));
  };
  const [leea, floor, peer] = [figure("leea"), figure("floor"), figure("peer")];
  const limit = draft.target?.limit({ floor, peer });
  const spread = Object.fromEntries(
    sides.flatMap((side) => {
      const range = spreadOf(draft.samples[side] ?? []);
      return range === undefined ? [] : [[side, [roundFigure(range[0]), roundFigure(range[1])] as const]];
    }),
  );
  return {
    row: draft.row,
    leea,
    floor,
    peer,
    unit: draft.unit,
    n: draft.samples.leea?.length ?? 0,
    target: draft.target?.text ?? "",
    met: leea === null || limit === undefined ? null : leea <= limit,
    spread,
    ...(draft.note === undefined ? {} : { note: draft.note }),
  };
}

/** A row that could not be measured, and why. */
export function failedRow(row: string, reason: string): BenchRow {
  const nothing = { leea: null, floor: null, peer: null };
  return { row, ...nothing, unit: "ms", n: 0, target: "", met: null, spread: {}, note: `not measured: ${reason}` };
}

/** At most `value`, whatever the others need. */
export function atMost(value: number, unit: string): Target {
  return { text: `<= ${value} ${unit}`, limit: () => value };
}

/** At most the floor, times `factor`, plus `extra`. */
export function atMostFloor(text: string, { factor = 1, extra = 0 }: { factor?: number; extra?: number }): Target {
  return { text, limit: ({ floor }) => (floor === null ? undefined : floor * factor + extra) };
}

/** At most the peer times `factor`. */
export function atMostPeer(text: string, factor: number): Target {
  return { text, limit: ({ peer }) => (peer === null ? undefined : peer * factor) };
}

/** Both must hold: the lower limit counts. Where one side is missing it cannot be judged. */
export function bothTargets(first: Target, second: Target): Target {
  return {
    text: `${first.text}; ${second.text}`,
    limit: (of) => {
      const [one, other] = [first.limit(of), second.limit(of)];
      return one === undefined || other === undefined ? undefined : Math.min(one, other);
    },
  };
}

/** Three digits that count; more would be noise. */
function roundFigure(value: number): number {
  return Math.abs(value) >= 100 ? Math.round(value) : Number(value.toPrecision(3));
}
