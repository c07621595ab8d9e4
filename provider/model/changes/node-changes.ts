// What a changed declaration does to a host: always an update, never a replacement, because only its fingerprint
// identifies it. Decides, touches nothing.

import type { Fields } from "../../../schema/field";
import type { MeshNodeInputs } from "../../../schema/generated/declared";
import { meshNode } from "../../../schema/mesh-node";
import type { Problem } from "../errors";
import { containsUnknown } from "../inputs/unknown-value";
import { type Changes, type FieldChange, heaviest } from "./changes";
import { findChanges } from "./same-value";

/** What is known of the host from its last create, update or read. */
export interface KnownNode {
  readonly inputs: MeshNodeInputs;
  readonly agentVersion: string;
  /** Node ids that it was linked to. */
  readonly links: readonly string[];
  /** True where it answers and is in no mesh: its leaving, or its joining, was broken off. */
  readonly isOutside: boolean;
}

/** Who declared it at its birth; a renamed stack changes nothing. */
const comparedFields: Fields = Object.fromEntries(Object.entries(meshNode.inputs).filter(([name]) => name !== "owner"));
/** Parts of the mesh that its first host fixed. */
const meshFields = /^mesh(\.|$)/;

/** Compares a host's declarations, its agent with the one this program carries, and its links with its peers. */
export function compareNode(before: KnownNode, after: MeshNodeInputs, carriedVersion: string): Changes {
  const found = findChanges(comparedFields, { ...before.inputs }, { ...after });
  // What is not known yet may turn out to be the same.
  const fixed = found.filter(({ field, after: value }) => meshFields.test(field) && !containsUnknown(value));
  const changes: FieldChange[] = found
    .filter((change) => !fixed.includes(change))
    .map(({ field, change, reason }) => ({ field, change, reason }));
  if (before.agentVersion !== carriedVersion) {
    changes.push({
      field: "agentVersion",
      change: "none",
      reason: `agentVersion: ${before.agentVersion} => ${carriedVersion}`,
    });
  }
  if (before.isOutside) changes.push({ field: "mesh", change: "none", reason: "it is in no mesh any more" });
  else changes.push(...findMissingLinks(before, after));
  return {
    verdict: heaviest(changes.map(({ change }) => change)),
    changes,
    warnings: changes
      .filter(({ change }) => change === "create-only")
      .map(({ field }) => `${field} applies only when the host is set up; it stays as it is`),
    problems: fixed.map(
      ({ field, reason }): Problem => ({
        field,
        message: `is fixed since the mesh was founded: ${reason}; delete the host and declare it anew to change its mesh`,
      }),
    ),
  };
}

/** Peers that could not be reached when the host joined are linked by the next update. */
function findMissingLinks(before: KnownNode, after: MeshNodeInputs): FieldChange[] {
  if (!Array.isArray(after.peers)) return [];
  const declaredBefore = new Set(before.inputs.peers.map(({ id }) => id));
  return after.peers
    .filter(({ id }) => declaredBefore.has(id) && !before.links.includes(id))
    .map(({ id }) => ({ field: "peers", change: "none", reason: `the link to ${id} is missing` }));
}
