// MoveResourceState: a state that a `moved` block brings from another type or another provider's address. Ours under another
// address (a mirror, the other CLI's registry) is taken over; what another provider made is no VM or host of ours.

import { LeeaError } from "../../../model/errors";
import { errorDiagnostics } from "../../session/diagnostics";
import type { DynamicValue, MoveStateRequest, WithDiagnostics } from "../../wire/messages";
import { upgradeResourceState } from "./upgrade-resource-state";

/** The answer. */
export async function moveResourceState(
  request: MoveStateRequest,
): Promise<WithDiagnostics & { readonly targetState?: DynamicValue; readonly targetPrivate?: Uint8Array }> {
  const { sourceTypeName, sourceSchemaVersion, sourceState, sourcePrivate, targetTypeName } = request;
  if (sourceTypeName !== targetTypeName) return { diagnostics: errorDiagnostics(foreign(request)) };
  const upgrade = { typeName: targetTypeName, version: sourceSchemaVersion, rawState: sourceState };
  const { upgradedState, diagnostics = [] } = await upgradeResourceState(upgrade);
  if (upgradedState === undefined) return { diagnostics };
  return { targetState: upgradedState, targetPrivate: sourcePrivate, diagnostics };
}

function foreign({ sourceTypeName, sourceProviderAddress, targetTypeName }: MoveStateRequest): LeeaError {
  return new LeeaError({
    code: "INPUT_INVALID",
    message: `A ${sourceTypeName} of ${sourceProviderAddress} cannot become a ${targetTypeName}`,
    hint: `Take it out of the state with a \`removed\` block, and declare or import the ${targetTypeName}.`,
  });
}
