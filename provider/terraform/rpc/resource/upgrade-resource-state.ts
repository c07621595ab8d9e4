// UpgradeResourceState: a state as it lies in Terraform's file -> the values of today's schema. Called for every resource
// of every run. Fields that are not known any more are dropped; fields that did not exist are absent.

import { terraformSchemaVersion } from "../../../../schema/terraform/emit-terraform";
import { terraformResourceFields } from "../../../../schema/terraform/terraform-fields";
import { LeeaError } from "../../../model/errors";
import { type StateUpgrade, stateUpgrades } from "../../planning/state-upgrades";
import { errorDiagnostics } from "../../session/diagnostics";
import { handlerOf } from "../../session/provider";
import { findMisfit } from "../../values/find-misfit";
import { readAttributes } from "../../values/read-attributes";
import type { DynamicValue, UpgradeStateRequest, WithDiagnostics } from "../../wire/messages";
import type { AttributeValue } from "../../wire/unknown-attribute";
import { writeValues } from "./declared-values";

/** The answer. */
export function upgradeResourceState(
  request: UpgradeStateRequest,
): Promise<WithDiagnostics & { readonly upgradedState?: DynamicValue }> {
  try {
    const { definition } = handlerOf(request.typeName);
    const fields = terraformResourceFields(definition);
    const version = typeof request.version === "number" ? request.version : request.version.toNumber();
    const json = upgrade(parse(request), version, stateUpgrades);
    const misfit = findMisfit(fields, json);
    if (misfit !== undefined) throw unreadable(`${misfit} is of another type there`);
    return Promise.resolve({ upgradedState: writeValues(fields, readAttributes(fields, json)) });
  } catch (error) {
    return Promise.resolve({ diagnostics: errorDiagnostics(error) });
  }
}

/** The state after every upgrade that its version still needs. `upgrades[n]` makes version n+1 of version n. */
export function upgrade(json: AttributeValue, version: number, upgrades: readonly StateUpgrade[]): AttributeValue {
  if (version > upgrades.length)
    throw new LeeaError({
      code: "INPUT_INVALID",
      message: `The state was written by a newer version of the provider (schema ${version}; this one knows ${terraformSchemaVersion})`,
      hint: "Run `terraform init -upgrade`.",
    });
  return upgrades.slice(version).reduce((state, change) => change(state), json);
}

function parse({ rawState }: UpgradeStateRequest): AttributeValue {
  if (rawState === null || rawState.json.length === 0) throw unreadable("it is not JSON");
  try {
    return JSON.parse(Buffer.from(rawState.json).toString("utf8")) as AttributeValue;
  } catch {
    throw unreadable("it is not JSON"); // the parser would quote the state
  }
}

function unreadable(why: string): LeeaError {
  return new LeeaError({
    code: "INPUT_INVALID",
    message: `The state of this resource cannot be read: ${why}`,
    hint: "Mend the state's file, or take the resource out of it (`terraform state rm`) and import it again.",
  });
}
