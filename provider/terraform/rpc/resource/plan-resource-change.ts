// PlanResourceChange: what an apply would make of a resource. Asks hosts only where a move is due; changes nothing.

import type { ResourceDefinition } from "../../../../schema/resource";
import { terraformInputs, terraformResourceFields } from "../../../../schema/terraform/terraform-fields";
import type { DiffResult, HandlerContext, ResourceHandler, Values } from "../../../controller/handlers/handler-context";
import { claimName, findMissingName } from "../../planning/check-names";
import { planInputs } from "../../planning/plan-inputs";
import { planChangedOutputs, planNewOutputs } from "../../planning/plan-outputs";
import { errorDiagnostics, problemDiagnostics, warningOf } from "../../session/diagnostics";
import { contextFor, handlerOf, type Provider } from "../../session/provider";
import { createRpcReport } from "../../session/rpc-report";
import { attributePath } from "../../values/attribute-path";
import { readPrivate, writePrivate } from "../../values/private-bytes";
import { shownInputs } from "../../values/resource-values";
import { encodeDynamicValue, isNullValue } from "../../wire/dynamic-value";
import { type Diagnostic, type PlanRequest, type PlanResponse, severities } from "../../wire/messages";
import { declaredInputs, type PriorValues, readPrior, readValues, writeValues } from "./declared-values";

interface Planning {
  readonly provider: Provider;
  readonly handler: ResourceHandler;
  readonly context: HandlerContext;
  readonly config: Values;
}

/** The answer. A refused change is an error at its attribute; a verdict is a warning. */
export async function planResourceChange(provider: Provider, request: PlanRequest): Promise<PlanResponse> {
  const handler = handlerOf(request.typeName);
  const { definition } = handler;
  if (isNullValue(request.proposedNewState))
    return { plannedState: encodeDynamicValue(null), plannedPrivate: request.priorPrivate };
  const rpc = createRpcReport(provider.parts.writeLog);
  const planning = {
    provider,
    handler,
    context: contextFor(provider, rpc),
    config: readValues(definition, request.config) ?? {},
  };
  const prior = readPrior(provider, definition, { value: request.priorState, privateBytes: request.priorPrivate });
  try {
    const answer =
      prior === undefined ? await planCreate(planning, request.priorPrivate) : await planUpdate(planning, prior);
    return { ...answer, diagnostics: [...(answer.diagnostics ?? []), ...warningOf(rpc.notes)] };
  } catch (error) {
    return { diagnostics: errorDiagnostics(error, definition) };
  }
}

async function planCreate(
  { provider, handler, context, config }: Planning,
  priorPrivate: Uint8Array,
): Promise<PlanResponse> {
  const { definition } = handler;
  const declared = declaredInputs(provider, definition, config);
  const { inputs, problems } = await handler.check(declared, undefined, context);
  // A replacement's second half is planned with the bytes of what it replaces: its name is its own.
  const isNew = priorPrivate.length === 0;
  const claim = { owner: provider.settings.owner, name: config["name"], id: undefined };
  const names = [
    ...findMissingName(definition, config),
    ...(isNew ? claimName(definition, claim, provider.settings.plannedNames) : []),
  ];
  if (problems.length + names.length > 0)
    return { diagnostics: problemDiagnostics(definition, [...problems, ...names]) };
  const fields = terraformResourceFields(definition);
  const planned = planDeclared(definition, config, inputs);
  // Terraform deletes what is replaced with these bytes, by the names of its birth.
  const plannedPrivate = isNew ? priorPrivate : writePrivate(readPrivate(priorPrivate).birth);
  return { plannedState: writeValues(fields, { ...planned, ...planNewOutputs(definition) }), plannedPrivate };
}

async function planUpdate({ provider, handler, context, config }: Planning, prior: PriorValues): Promise<PlanResponse> {
  const { definition } = handler;
  const { id, known, values, birth } = prior;
  const declared = declaredInputs(provider, definition, config);
  const { inputs, problems } = await handler.check(declared, known.inputs, context);
  const taken = claimName(
    definition,
    { owner: birth.owner, name: birth.logicalName, id },
    provider.settings.plannedNames,
  );
  if (problems.length + taken.length > 0)
    return { diagnostics: problemDiagnostics(definition, [...problems, ...taken]) };
  const diff = await handler.diff(id, known, inputs, context);
  const planned = planDeclared(definition, config, inputs, { prior: values, equal: diff.equal ?? [] });
  const outputs = diff.hasChanges
    ? planChangedOutputs(definition, values, planned)
    : outputsAsTheyAre(definition, values);
  return {
    plannedState: writeValues(terraformResourceFields(definition), { ...planned, ...outputs }),
    plannedPrivate: writePrivate(birth, !diff.hasChanges),
    requiresReplace: diff.replaces.flatMap((field) => attributePath(definition, field) ?? []),
    diagnostics: verdictOf(definition, diff),
  };
}

function planDeclared(
  definition: ResourceDefinition,
  config: Values,
  inputs: Values,
  { prior, equal }: { readonly prior?: Values; readonly equal: readonly string[] } = { equal: [] },
): Values {
  const filled = shownInputs(definition, inputs);
  const planned = planInputs(terraformInputs(definition), { config, filled, prior, equal });
  // No handler knows of them, and a destroy has nothing but the state.
  return config["timeouts"] === undefined ? planned : { ...planned, timeouts: config["timeouts"] };
}

function outputsAsTheyAre(definition: ResourceDefinition, prior: Values): Values {
  return Object.fromEntries(["id", ...Object.keys(definition.outputs)].map((name) => [name, prior[name]]));
}

/** The lines that a person reads: a refusal is an error at what was declared. */
function verdictOf(definition: ResourceDefinition, { lines, refused = [] }: DiffResult): Diagnostic[] {
  const [warning] = warningOf(lines);
  const [first] = refused;
  if (warning === undefined) return [];
  if (first === undefined) return [warning];
  const attribute = attributePath(definition, first.field);
  return [{ ...warning, severity: severities.error, ...(attribute === undefined ? {} : { attribute }) }];
}
