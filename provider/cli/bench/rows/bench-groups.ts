// The groups of rows, in the order in which they are measured; the names are the words of --only.

import { measureMoves } from "../moves/measure-moves";
import type { BenchGroup } from "../rig/bench";
import { measureAgent } from "./agent-size";
import { measureUnchanged } from "./unchanged-up";

/** Every group by its name. */
export const benchGroups: Readonly<Record<string, BenchGroup>> = {
  agent: { title: "the agent: calls, memory, size, bare host to ready", measure: measureAgent },
  unchanged: { title: "up of 200 resources without a change", measure: measureUnchanged },
  moves: { title: "moves of a busy guest, by leea, by a bare script and by libvirt in turns", measure: measureMoves },
};
