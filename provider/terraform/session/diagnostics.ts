// What leea says -> Terraform's diagnostics: one for each mistake, at its attribute where there is one.

import type { ResourceDefinition } from "../../../schema/resource";
import { describeError, isLeeaError, LeeaError, type Problem } from "../../model/errors";
import { attributePath, showPath } from "../values/attribute-path";
import { type AttributePath, type Diagnostic, severities } from "../wire/messages";
import { terraformWords } from "./terraform-words";

/** One error for each problem, at its attribute. */
export function problemDiagnostics(definition: ResourceDefinition, problems: readonly Problem[]): Diagnostic[] {
  return problems.map(({ field, message }) => {
    const path = attributePath(definition, field);
    const name = path === undefined ? field : showPath(path);
    return {
      severity: severities.error,
      summary: `${definition.name}: ${name} cannot be what is declared`,
      detail: terraformWords(`${name} ${message}`),
      ...withPath(path),
    };
  });
}

/** An error as diagnostics: one for each input mistake that it names, else one for the whole. */
export function errorDiagnostics(error: unknown, definition?: ResourceDefinition): Diagnostic[] {
  const problems = isLeeaError(error, "INPUT_INVALID") ? error.details?.["problems"] : undefined;
  if (definition !== undefined && Array.isArray(problems)) return problemDiagnostics(definition, problems as Problem[]);
  const [summary = "", ...detail] = terraformWords(describeError(error)).split("\n");
  const isDefect = !(error instanceof LeeaError);
  const stack = isDefect && error instanceof Error ? [`This is a defect in leea: ${error.stack ?? ""}`] : [];
  return [{ severity: severities.error, summary, detail: [...detail, ...stack].join("\n") }];
}

/** A warning: the first line is its summary. */
export function warningOf(lines: readonly string[], path?: AttributePath): Diagnostic[] {
  const [summary, ...detail] = lines.map(terraformWords);
  if (summary === undefined) return [];
  return [{ severity: severities.warning, summary, detail: detail.join("\n"), ...withPath(path) }];
}

function withPath(path: AttributePath | undefined): { readonly attribute?: AttributePath } {
  return path === undefined ? {} : { attribute: path };
}
