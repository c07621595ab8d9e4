// The scenarios of the two matrices: one for each point of a move and each kind of fault, with its expected end.

import type { FaultKind, Story } from "../sim-types";
import { coldMatrix } from "./cold-matrix";
import { liveMatrix } from "./live-matrix";

/** How a scenario must end: the operation's result and the host that has the VM. */
export interface ExpectedEnd {
  readonly result: string;
  readonly owner: "a" | "b";
}

/** A story with a name and its end. */
export interface Scenario {
  readonly name: string;
  readonly story: Story;
  readonly end: ExpectedEnd;
}

interface Column {
  readonly words: string;
  readonly do: FaultKind;
  readonly ms: number;
}

/** In the order of the matrices' letters. */
const columns: readonly Column[] = [
  { words: "the source's agent is killed", do: "kill-agent-a", ms: 500 },
  { words: "the destination's agent is killed", do: "kill-agent-b", ms: 500 },
  { words: "the source loses its power for 3 s", do: "cut-power-a", ms: 3_000 },
  { words: "the destination loses its power for 3 s", do: "cut-power-b", ms: 3_000 },
  { words: "the source's QEMU dies", do: "kill-qemu-a", ms: 0 },
  { words: "the destination's QEMU dies", do: "kill-qemu-b", ms: 0 },
  { words: "the source's QEMU is mute for 8 s", do: "mute-qemu-a", ms: 8_000 },
  { words: "the destination's QEMU is mute for 8 s", do: "mute-qemu-b", ms: 8_000 },
  { words: "the link is down for 20 s", do: "link-down", ms: 20_000 },
  { words: "the source's disk is full for 4 s", do: "fill-disk-a", ms: 4_000 },
  { words: "the destination's disk is full for 4 s", do: "fill-disk-b", ms: 4_000 },
  { words: "the source's next sync fails after it wrote", do: "torn-sync-a", ms: 0 },
  { words: "the destination's next sync fails after it wrote", do: "torn-sync-b", ms: 0 },
  { words: "the user cancels", do: "cancel", ms: 0 },
];

const ends: Readonly<Record<string, ExpectedEnd>> = {
  m: { result: "succeeded", owner: "b" },
  s: { result: "failed", owner: "a" },
  c: { result: "cancelled", owner: "a" },
};

const seed = 7;

/** All of them, by the point at which they go wrong. */
export function matrixScenarios(): ReadonlyMap<string, readonly Scenario[]> {
  return new Map([...rowsOf("live", liveMatrix), ...rowsOf("cold", coldMatrix)]);
}

function rowsOf(mode: Story["mode"], matrix: string): readonly [string, readonly Scenario[]][] {
  return matrix
    .trim()
    .split("\n")
    .map((row) => {
      const [point = "", letters = ""] = row.split(" | ");
      const scenarios = columns.map((column, index) => scenarioOf(mode, point, column, letters.split(" ")[index]));
      return [`${mode} move, ${point}`, scenarios];
    });
}

function scenarioOf(mode: Story["mode"], point: string, column: Column, letter: string | undefined): Scenario {
  const end = ends[letter ?? ""];
  if (end === undefined) throw new Error(`no end for ${column.do} at ${point}`);
  const story = { seed, mode, faults: [{ at: point, do: column.do, ms: column.ms }] };
  return { name: `${mode}: ${column.words} ${point}`, story, end };
}
