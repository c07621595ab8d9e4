// The groups of rows, in the order in which they are measured; the names are the words of --only.

import { measureCreate } from "../create/measure-create";
import { measureMoves } from "../moves/measure-moves";
import { measurePings } from "../pings/measure-pings";
import { measurePlan } from "../plan/measure-plan";
import type { BenchGroup } from "../rig/bench";
import { measureAgent } from "./agent-size";
import { measureMoveUp } from "./move-up";
import { measureUnchanged } from "./unchanged-up";

/** Every group by its name. */
export const benchGroups: Readonly<Record<string, BenchGroup>> = {
  agent: { title: "the agent: calls, memory, size, bare host to ready", measure: measureAgent },
  unchanged: { title: "up of 200 resources without a change", measure: measureUnchanged },
  plan: { title: "plan of 200 resources without a change, by OpenTofu or Terraform", measure: measurePlan },
  moves: { title: "moves of a busy guest, by leea, by a bare script and by libvirt in turns", measure: measureMoves },
  up: { title: "up of one move", measure: measureMoveUp },
  pings: { title: "pings lost in a move, in five shapes of mesh", measure: measurePings },
  create: { title: "many VMs from nothing", measure: measureCreate },
};
