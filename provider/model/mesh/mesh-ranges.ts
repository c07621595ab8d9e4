// What a mesh's founder may choose: the two IPv4 ranges and the MTU. All mistakes are found at once.

import type { Problem } from "../errors";
import { type Ipv4Range, parseIpv4Range, rangesOverlap } from "../ipv4-range";

/** What the founder declares; the ranges as CIDR, the MTU in bytes. */
export interface MeshChoice {
  readonly nodeRange: string;
  readonly vmRange: string;
  readonly mtu: number;
}

/** Every mistake in a founder's choice; empty for none. Ranges are /8 to /28 and apart; the MTU is 1280 to 9000. */
export function checkMeshChoice(choice: MeshChoice): readonly Problem[] {
  const problems: Problem[] = [];
  const nodes = readRange("mesh.nodeRange", choice.nodeRange, problems);
  const vms = readRange("mesh.vmRange", choice.vmRange, problems);
  if (nodes !== undefined && vms !== undefined && rangesOverlap(nodes, vms)) {
    problems.push({
      field: "mesh.vmRange",
      message: `${choice.vmRange} overlaps the nodes' range ${choice.nodeRange}`,
    });
  }
  if (!Number.isInteger(choice.mtu) || choice.mtu < 1280 || choice.mtu > 9000) {
    problems.push({ field: "mesh.mtu", message: `${choice.mtu} is not a whole number from 1280 to 9000` });
  }
  return problems;
}

function readRange(field: string, text: string, problems: Problem[]): Ipv4Range | undefined {
  const range = parseIpv4Range(text);
  if ("problem" in range || range.prefix < 8 || range.prefix > 28) {
    problems.push({ field, message: `"${text}" is not an IPv4 range from /8 to /28, such as 10.99.0.0/16` });
    return undefined;
  }
  return range;
}
