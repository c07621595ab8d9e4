// What Terraform and OpenTofu print for programs: the lines of `plan -json`, and a state. Pure.

/** One line of `plan -json`, as far as the tests read it. */
export interface PlanLine {
  readonly type: string;
  readonly change?: { readonly resource: { readonly addr: string }; readonly action: string };
  readonly diagnostic?: {
    readonly severity: string;
    readonly summary: string;
    readonly detail: string;
    readonly address?: string;
    readonly snippet?: { readonly code: string };
  };
}

/** One resource of a state. `status` is `tainted` or absent. */
export interface StateResource {
  readonly attributes: Record<string, unknown>;
  readonly status?: string;
}

/** The lines of what `plan -json` printed: a whole plan, or an error. Throws where it is neither, which would look like an empty plan. */
export function readPlan(output: string): PlanLine[] {
  const lines = output
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line) as PlanLine);
  const isWhole = lines.some(({ type }) => type === "change_summary");
  if (isWhole || lines.some(({ diagnostic }) => diagnostic?.severity === "error")) return lines;
  throw new Error(`that is no plan:\n${output}`);
}

/** `ADDRESS action` of each planned change. Throws the errors of a plan that failed. */
export function plannedChanges(lines: readonly PlanLine[]): string[] {
  const errors = lines.flatMap(({ diagnostic }) => (diagnostic?.severity === "error" ? [diagnostic] : []));
  if (errors.length > 0) throw new Error(JSON.stringify(errors, null, 1));
  return lines.flatMap(({ type, change }) =>
    type === "planned_change" && change !== undefined ? [`${change.resource.addr} ${change.action}`] : [],
  );
}

/** The managed resources of a state file by their address; none for an empty text, which is how a CLI prints no state. */
export function readState(text: string): Record<string, StateResource> {
  if (text.trim() === "") return {};
  const { resources } = JSON.parse(text) as {
    resources: { mode?: string; type: string; name: string; instances: StateResource[] }[];
  };
  return Object.fromEntries(
    resources
      .filter(({ mode = "managed" }) => mode === "managed")
      .flatMap(({ type, name, instances }) =>
        instances.map((instance, index) => [`${type}.${name}${instances.length > 1 ? `[${index}]` : ""}`, instance]),
      ),
  );
}
