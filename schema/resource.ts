// What a resource is: its name, what the user may say (inputs) and what the host reports (outputs).

import type { Fields } from "./field";

/** A resource as every front door sees it. `token` is its snake_case name, as Terraform has it without the prefix. */
export interface ResourceDefinition {
  readonly name: string;
  readonly token: string;
  readonly doc: string;
  /** The inputs that find one which exists already, without a state. */
  readonly findBy: readonly string[];
  readonly inputs: Fields;
  readonly outputs: Fields;
}

/** Checks a definition's shape at compile time and gives it back unchanged, its field names kept as types. */
export function defineResource<const T extends ResourceDefinition>(definition: T): T {
  return definition;
}
