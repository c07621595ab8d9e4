// The state after an apply: what was planned as known stays as planned, because Terraform takes nothing else; what was
// unknown is what the host reported. No unknown value is left.

import type { Values } from "../../controller/handlers/handler-context";
import { containsUnknown } from "../../model/inputs/unknown-value";

/** The planned values with every unknown one answered, or absent where nothing is known of it. */
export function settleState(planned: Values, reported: Values): Values {
  const settled = Object.entries(planned).map(([name, value]) => [
    name,
    containsUnknown(value) ? settleUnknown(reported[name]) : value,
  ]);
  return Object.fromEntries(settled.filter(([, value]) => value !== undefined));
}

function settleUnknown(value: unknown): unknown {
  return containsUnknown(value) ? undefined : value;
}
