// What the schema cannot say of a host: rules between its fields. Takes values that may still be wrong in other ways,
// so that all mistakes come in one answer.

import type { Problem } from "../errors";
import { type Ipv4Range, parseIpv4Range, rangesOverlap } from "../ipv4-range";
import { asNumber, asObject, asObjects, asText } from "./loose-values";

/** Longest prefix of a mesh's range: 256 addresses, of which hashing finds a free one. */
const longestPrefix = 24;
const shortestPrefix = 8;

/** Mistakes between the fields of a MeshNode's inputs. Empty where there are none. */
export function checkMeshNode(values: Readonly<Record<string, unknown>>): Problem[] {
  return [...checkRanges(asObject(values["mesh"])), ...checkPeers(values), ...checkName(values)];
}

function checkName(values: Readonly<Record<string, unknown>>): Problem[] {
  return values["name"] === undefined ? [{ field: "name", message: "is missing: name of the host in the mesh" }] : [];
}

function checkRanges(mesh: Readonly<Record<string, unknown>>): Problem[] {
  const problems: Problem[] = [];
  const nodes = readRange(mesh, "nodeRange", problems);
  const vms = readRange(mesh, "vmRange", problems);
  if (nodes !== undefined && vms !== undefined && rangesOverlap(nodes, vms)) {
    problems.push({ field: "mesh.vmRange", message: "overlaps nodeRange; hosts and VMs need ranges of their own" });
  }
  return problems;
}

function readRange(mesh: Readonly<Record<string, unknown>>, name: string, problems: Problem[]): Ipv4Range | undefined {
  const text = asText(mesh[name]);
  if (text === undefined) return undefined;
  const range = parseIpv4Range(text);
  const problem = "problem" in range ? range.problem : rangeProblem(range);
  if (problem !== undefined) problems.push({ field: `mesh.${name}`, message: problem });
  return "problem" in range || problem !== undefined ? undefined : range;
}

function rangeProblem(range: Ipv4Range): string | undefined {
  if (range.prefix > longestPrefix) return `/${range.prefix} is too small; at least a /${longestPrefix}`;
  if (range.prefix < shortestPrefix) return `/${range.prefix} is too large; at most a /${shortestPrefix}`;
  const linkLocal = parseIpv4Range("169.254.0.0/16");
  const overlaps = !("problem" in linkLocal) && rangesOverlap(range, linkLocal);
  return overlaps ? "overlaps 169.254.0.0/16, where leea's gateway is" : undefined;
}

function checkPeers(values: Readonly<Record<string, unknown>>): Problem[] {
  const own = placeOf(asObject(values["connection"]));
  return asObjects(values["peers"]).flatMap((peer, index) =>
    own !== undefined && placeOf(asObject(peer["connection"])) === own
      ? [{ field: `peers[${index}]`, message: `is this host itself (${own})` }]
      : [],
  );
}

function placeOf(connection: Readonly<Record<string, unknown>>): string | undefined {
  const host = asText(connection["host"]);
  if (host === undefined) return undefined;
  const jump = placeOf(asObject(connection["jump"]));
  return `${host}:${asNumber(connection["port"]) ?? 22}${jump === undefined ? "" : ` through ${jump}`}`;
}
