// What finds a resource that exists, checked: by the attributes of a data source, or by an import id. Which fields those are
// follows from the definition alone, never from what was given.

import type { Fields } from "../../../schema/field";
import type { ResourceDefinition } from "../../../schema/resource";
import { connectionNameOf } from "../../../schema/terraform/terraform-fields";
import type { Values } from "../../controller/handlers/handler-context";
import { validateInputs } from "../../controller/handlers/validate-inputs";
import type { Problem } from "../../model/errors";
import { containsUnknown } from "../../model/inputs/unknown-value";

/** `data`: a host is given by its id and the way to it. `import`: by the way alone. */
export type FoundBy = "data" | "import";

/** The inputs that a handler's `find` takes, with defaults, and what is wrong with them. */
export interface Where {
  readonly where: Values;
  readonly problems: readonly Problem[];
}

/** Checks what was given, connections filled in. What is not known yet is let pass. */
export function findWhere(definition: ResourceDefinition, by: FoundBy, given: Values): Where {
  const inputs = fieldsOf(definition, by);
  const { values, problems } = validateInputs({ ...definition, name: `${definition.name} by ${by}`, inputs }, given);
  return { where: values, problems };
}

/** What nobody can be asked by yet, as mistakes: the CLI knows all of a data source's own, so these are the provider's settings. */
export function findUnknown({ where }: Where): Problem[] {
  const names = Object.keys(where).filter((name) => containsUnknown(where[name]));
  return names.map((field) => ({ field, message: unknownText }));
}

const unknownText =
  "is not known yet, or what the provider's `ssh` settings add to it is not: apply first what they follow from (`-target`)";

function fieldsOf(definition: ResourceDefinition, by: FoundBy): Fields {
  const names = definition.findBy.flatMap((name) => {
    const way = connectionNameOf(definition.inputs[name]);
    if (way === undefined) return [name];
    return by === "import" ? [way] : [name, way];
  });
  return Object.fromEntries(
    names.flatMap((name) => (definition.inputs[name] ? [[name, definition.inputs[name]]] : [])),
  );
}
