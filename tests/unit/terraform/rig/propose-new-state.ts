// proposedNewState as Terraform makes it of a configuration and the prior state: what the configuration says, and where it
// says nothing of a computed attribute, what the prior state has. Pure.

import { type AttributeValue, unknownAttribute } from "../../../../provider/terraform/wire/unknown-attribute";
import type { TerraformAttribute, TerraformAttributes } from "../../../../schema/terraform/emit-attributes";

type Attributes = Readonly<Record<string, AttributeValue>>;

/** Null for a destroy. The prior state is null for what is new. */
export function proposeNewState(
  attributes: TerraformAttributes,
  prior: Attributes | null,
  config: Attributes | null,
): Attributes | null {
  if (config === null) return null;
  return Object.fromEntries(
    Object.entries(attributes).map(([name, attribute]) => [
      name,
      proposeValue(attribute, prior?.[name] ?? null, config[name] ?? null),
    ]),
  );
}

function proposeValue(attribute: TerraformAttribute, prior: AttributeValue, config: AttributeValue): AttributeValue {
  if (config === unknownAttribute) return config;
  // What only a configuration can have said was taken out of it, and does not come back from the state.
  if (config === null) return attribute.computed === true && !isOfConfiguration(attribute, prior) ? prior : null;
  const { nested_type: nested } = attribute;
  if (nested?.nesting_mode === "single")
    return proposeNewState(nested.attributes, asAttributes(prior), config as Attributes);
  if (nested?.nesting_mode !== "list" || !Array.isArray(config)) return config;
  const before = Array.isArray(prior) ? prior : [];
  return config.map((item: AttributeValue, index) =>
    item === unknownAttribute || item === null
      ? item
      : proposeNewState(nested.attributes, asAttributes(before[index] ?? null), item as Attributes),
  );
}

/** True where the value has something in it that no provider fills in. */
function isOfConfiguration({ optional, nested_type: nested }: TerraformAttribute, value: AttributeValue): boolean {
  if (optional !== true || nested === undefined || value === null || value === unknownAttribute) return false;
  return (Array.isArray(value) ? value : [value]).some((item: AttributeValue) =>
    Object.entries(nested.attributes).some(([name, inner]) => {
      const held = asAttributes(item)?.[name] ?? null;
      return held !== null && (inner.computed !== true || isOfConfiguration(inner, held));
    }),
  );
}

function asAttributes(value: AttributeValue): Attributes | null {
  return typeof value === "object" && value !== unknownAttribute && !Array.isArray(value)
    ? (value as Attributes)
    : null;
}
