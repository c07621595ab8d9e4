// Every kind of fault that a move is put through.

import { cancelMove } from "./cancel-move";
import { cutLinkForGood, cutLinkShortly } from "./cut-links";
import { cutDestinationPower, cutSourcePower } from "./cut-power";
import type { FaultKind } from "./fault-kind";
import {
  freezeDestinationQemu,
  killDestinationAgent,
  killDestinationQemu,
  killProvider,
  killSourceAgent,
  killSourceQemu,
} from "./killed-processes";

/** The kinds, in the order of the table. */
export const faultKinds: readonly FaultKind[] = [
  killProvider,
  killSourceAgent,
  killDestinationAgent,
  killSourceQemu,
  killDestinationQemu,
  freezeDestinationQemu,
  cancelMove,
  cutLinkShortly,
  cutLinkForGood,
  cutSourcePower,
  cutDestinationPower,
];

/** The kind of that name. */
export function findKind(name: string): FaultKind {
  const kind = faultKinds.find((each) => each.name === name);
  if (kind === undefined)
    throw new Error(`there is no fault ${name}; there are ${faultKinds.map((each) => each.name).join(", ")}`);
  return kind;
}
