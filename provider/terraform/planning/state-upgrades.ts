// How a state of an older schema becomes one of today's. The schema's version is the number of upgrades, so the two cannot
// come apart. An upgrade is never changed once it was released.

import type { terraformSchemaVersion } from "../../../schema/terraform/emit-terraform";
import type { AttributeValue } from "../wire/unknown-attribute";

/** Makes a state's JSON that of the next version. */
export type StateUpgrade = (state: AttributeValue) => AttributeValue;

/** The upgrade from each version to the next; none was needed yet. */
export const stateUpgrades: readonly StateUpgrade[] & { readonly length: typeof terraformSchemaVersion } = [];
