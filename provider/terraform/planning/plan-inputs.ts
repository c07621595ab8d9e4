// What a plan shows for the inputs. Terraform's rule: a value in the configuration is planned as it is there, or as the
// prior state has it where that means the same; what the configuration leaves out is ours to fill. A plan is made again when
// more is known, and what was known must stay: so each value is decided by what stands at its own place, and by nothing else.

import type { Field, Fields } from "../../../schema/field";
import type { Values } from "../../controller/handlers/handler-context";
import { findChanges } from "../../model/changes/same-value";
import { asObject } from "../../model/inputs/loose-values";
import { containsUnknown, isUnknown } from "../../model/inputs/unknown-value";

/** What a plan is made from: `filled` is `config` with defaults; `prior` is absent for what is new. */
export interface DeclaredSources {
  readonly config: Values;
  readonly filled: Values;
  readonly prior: Values | undefined;
  /** Paths such as `boot.kernel` whose value means the same as the prior one although it looks otherwise. */
  readonly equal: readonly string[];
}

/** One place of the three. */
interface Place {
  readonly config: unknown;
  readonly filled: unknown;
  readonly prior: unknown;
  readonly path: string;
  readonly equal: readonly string[];
  /** An item of a list may be another one than the prior state has at its index. */
  readonly isInList: boolean;
}

/** The planned inputs. */
export function planInputs(fields: Fields, { config, filled, prior, equal }: DeclaredSources): Values {
  return planObject(fields, { config, filled, prior, equal, path: "", isInList: false });
}

function planObject(fields: Fields, place: Place): Values {
  const [config, filled, prior] = [asObject(place.config), asObject(place.filled), asObject(place.prior)];
  const planned = Object.entries(fields).map(([name, field]) => {
    const path = place.path === "" ? name : `${place.path}.${name}`;
    return [name, planValue(field, { ...place, config: config[name], filled: filled[name], prior: prior[name], path })];
  });
  return Object.fromEntries(planned.filter(([, value]) => value !== undefined));
}

function planValue(field: Field, place: Place): unknown {
  const { config, filled, prior } = place;
  if (isUnknown(config)) return config;
  if (config === undefined || config === null) return filled;
  if (field.type === "list" && Array.isArray(config)) return planItems(field.items, place, config);
  if (field.type === "object" && typeof config === "object") return planObject(field.fields, place);
  return isKept(field, place) ? prior : config;
}

function planItems(items: Field, place: Place, config: readonly unknown[]): unknown[] {
  const [filled, prior] = [asArray(place.filled), asArray(place.prior)];
  return config.map((item, index) => {
    const path = `${place.path}[${index}]`;
    const inner = { ...place, config: item, filled: filled[index], prior: prior[index], path, isInList: true };
    return planValue(items, inner);
  });
}

/** True where the prior value stays: it means the same, or a change of it takes no effect any more. */
function isKept(field: Field, { config, prior, path, equal, isInList }: Place): boolean {
  if (prior === undefined || prior === null || containsUnknown(prior)) return false;
  if (equal.includes(path) || (field.change === "create-only" && !isInList)) return true;
  return findChanges({ value: field }, { value: prior }, { value: config }).length === 0;
}

function asArray(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
