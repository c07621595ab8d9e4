// What the schema cannot say of a GPU partition: rules between its fields. Takes values that may still be wrong in other
// ways, so that all mistakes come in one answer.

import type { Problem } from "../../errors";
import { asNumber, asObject, asText } from "../../inputs/loose-values";
import { isUnknown } from "../../inputs/unknown-value";

type Values = Readonly<Record<string, unknown>>;

const selectors = ["vendor", "model", "label"] as const;

/** Mistakes between the fields of a GpuPartition's inputs. Empty where there are none. */
export function checkGpuPartition(values: Values): Problem[] {
  const { device } = values;
  return [...(isUnknown(device) ? [] : checkDevice(asObject(device))), ...checkMode(values)];
}

/** Not said of what is not known yet: in Terraform it may turn out to be null. */
function isSaid(value: unknown): boolean {
  return value !== undefined && !isUnknown(value);
}

function checkDevice(device: Values): Problem[] {
  if (["address", ...selectors].every((name) => device[name] === undefined))
    return [{ field: "device", message: "says nothing: give `address`, or `vendor` and `model`" }];
  if (!isSaid(device["address"])) return [];
  const given = selectors.filter((name) => isSaid(device[name]));
  return given.map((name) => ({
    field: `device.${name}`,
    message: "is for a device without an address; leave one out",
  }));
}

/** One that is not known yet, or empty, is none. */
function isQuota(values: Values): boolean {
  return Object.keys(asObject(values["quota"])).length > 0;
}

/** A profile or a number of VFs that nothing would read is a mistake: the user expects a part of that size. */
function checkMode(values: Values): Problem[] {
  const mode = asText(values["mode"]) ?? (isUnknown(values["mode"]) ? undefined : "auto");
  const [profile, vfs] = [isSaid(values["profile"]), asNumber(values["vfs"]) !== undefined];
  if (mode === undefined) return [];
  if (mode === "auto" && profile && vfs)
    return [{ field: "vfs", message: "a profile and a number of VFs are two ways to say a size; give one" }];
  const isTyped = mode === "mdev" || mode === "vendor-vfio";
  return [
    ...(isTyped && values["profile"] === undefined
      ? [{ field: "profile", message: `is missing: ${mode} makes partitions of a type` }]
      : []),
    ...(!isTyped && mode !== "auto" && profile
      ? [{ field: "profile", message: `${mode} has no types; leave it out` }]
      : []),
    ...(isQuota(values) && (profile || (mode !== "sriov" && mode !== "auto"))
      ? [{ field: "quota", message: "is for VFs of mode sriov, and beside no profile" }]
      : []),
    ...(vfs && mode !== "sriov" && mode !== "auto"
      ? [{ field: "vfs", message: `is for mode sriov, not ${mode}` }]
      : []),
  ];
}
