// A problem's field, such as `disks[0].size`, as Terraform's path to an attribute.

import type { ResourceDefinition } from "../../../schema/resource";
import { attributeName } from "../../../schema/terraform/attribute-name";
import { connectionNameOf } from "../../../schema/terraform/terraform-fields";
import type { AttributePath, PathStep } from "../wire/messages";

/** The path; undefined where a user sees no such attribute. */
export function attributePath(definition: ResourceDefinition, field: string): AttributePath | undefined {
  const steps = field.split(".").flatMap(stepsOf);
  const [first, ...rest] = steps;
  if (first === undefined || !("attributeName" in first)) return undefined;
  const host = hostAround(definition, first.attributeName);
  const path: PathStep[] = host === undefined ? steps : [...named(host), ...named("connection"), ...rest];
  const root = host ?? first.attributeName;
  const isShown =
    definition.inputs[root]?.internal !== true && (root in definition.inputs || root in definition.outputs);
  if (!isShown && root !== "timeouts") return undefined;
  return {
    steps: path.map((step) => ("attributeName" in step ? { attributeName: attributeName(step.attributeName) } : step)),
  };
}

/** Such as `disks[0].size`. */
export function showPath({ steps }: AttributePath): string {
  return steps
    .map((step) => ("attributeName" in step ? `.${step.attributeName}` : `[${step.elementKeyInt}]`))
    .join("")
    .replace(/^\./, "");
}

/** The host whose way the internal field is. */
function hostAround(definition: ResourceDefinition, fieldName: string): string | undefined {
  return Object.entries(definition.inputs).find(([, field]) => connectionNameOf(field) === fieldName)?.[0];
}

function named(attributeNameOfStep: string): PathStep[] {
  return [{ attributeName: attributeNameOfStep }];
}

/** `disks[0]` as the name and the index. */
function stepsOf(part: string): PathStep[] {
  const name = part.replace(/\[.*$/, "");
  const indices = [...part.matchAll(/\[(\d+)\]/g)].map(([, index]) => ({ elementKeyInt: Number(index) }));
  return name === "" ? indices : [{ attributeName: name }, ...indices];
}
