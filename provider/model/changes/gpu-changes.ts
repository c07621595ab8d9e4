// What a changed declaration does to a GPU partition that exists: what it is made of replaces it, the rest only updates its
// record; one that its host has lost is made again. Decides, touches nothing.

import type { Fields } from "../../../schema/field";
import { gpuPartition } from "../../../schema/gpu-partition";
import { parsePciAddress } from "../gpu/pci/pci-address";
import { asObject, asText } from "../inputs/loose-values";
import { type Changes, type FieldChange, heaviest } from "./changes";
import { findChanges } from "./same-value";

type Values = Readonly<Record<string, unknown>>;

/** Who declared it at its birth; a renamed stack or resource changes nothing. */
const birthFields = new Set(["owner", "logicalName"]);
const comparedFields: Fields = Object.fromEntries(
  Object.entries(gpuPartition.inputs).filter(([name]) => !birthFields.has(name)),
);

/** Compares what was declared with what is declared now, and with what the host reported last (`state`). */
export function compareGpuPartition(before: Values, after: Values, state: string | undefined): Changes {
  const found = findChanges(comparedFields, withQuota(before), withQuota(after));
  const equal = found.filter(({ field }) => field === "device.address" && isSameAddress(before, after));
  const changes: FieldChange[] = found
    .filter((change) => !equal.includes(change))
    .map(({ field, change, reason }) => ({ field, change, reason }));
  if (state === "lost" || state === "claimed")
    changes.push({ field: "state", change: "none", reason: `it is ${state} on its host and is made again` });
  return {
    verdict: heaviest(changes.map(({ change }) => change)),
    changes,
    warnings: [],
    problems: [],
    ...(equal.length === 0 ? {} : { equal: equal.map(({ field }) => field) }),
  };
}

/** An absent quota is an empty one: memory that comes or goes is a change of memory. */
function withQuota(values: Values): Values {
  return values["quota"] === undefined ? { ...values, quota: {} } : values;
}

/** `01:00.0` is 0000:01:00.0. */
function isSameAddress(before: Values, after: Values): boolean {
  const [left, right] = [before, after].map((values) => asText(asObject(values["device"])["address"]));
  const address = parsePciAddress(left ?? "")?.text;
  return address !== undefined && address === parsePciAddress(right ?? "")?.text;
}
