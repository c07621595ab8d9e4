// RPCs as Terraform makes them, on a provider in memory: values in, values out, in the schema's own names.

import { allRpcs } from "../../../../provider/terraform/rpc/all-rpcs";
import { handlerOf } from "../../../../provider/terraform/session/provider";
import { showPath } from "../../../../provider/terraform/values/attribute-path";
import { decodeDynamicValue, encodeDynamicValue } from "../../../../provider/terraform/wire/dynamic-value";
import type { AttributePath, Diagnostic, DynamicValue } from "../../../../provider/terraform/wire/messages";
import type { AttributeValue } from "../../../../provider/terraform/wire/unknown-attribute";
import { emitAttributes, type TerraformAttributes } from "../../../../schema/terraform/emit-attributes";
import { terraformResourceFields } from "../../../../schema/terraform/terraform-fields";
import type { FakeProvider } from "./fake-provider";
import { proposeNewState } from "./propose-new-state";

/** An object of attributes. */
export type Attributes = Readonly<Record<string, AttributeValue>>;

/** What an RPC answered, decoded. */
export interface Answer {
  readonly planned?: Attributes | null;
  readonly state?: Attributes | null;
  readonly private: Uint8Array;
  /** Attributes whose change replaces it. */
  readonly replaces: readonly string[];
  readonly errors: readonly string[];
  readonly warnings: readonly string[];
}

interface Response {
  readonly plannedState?: DynamicValue;
  readonly plannedPrivate?: Uint8Array;
  readonly requiresReplace?: readonly AttributePath[];
  readonly newState?: DynamicValue;
  readonly upgradedState?: DynamicValue;
  readonly targetState?: DynamicValue;
  readonly targetPrivate?: Uint8Array;
  readonly state?: DynamicValue;
  readonly private?: Uint8Array;
  readonly importedResources?: readonly Pick<Response, "state" | "private">[];
  readonly diagnostics?: readonly Diagnostic[];
}

/** Drives one resource type. */
export class ResourceCalls {
  private readonly fake: FakeProvider;
  private readonly typeName: string;
  private readonly attributes: TerraformAttributes;

  constructor(fake: FakeProvider, typeName: string) {
    this.fake = fake;
    this.typeName = typeName;
    this.attributes = emitAttributes(terraformResourceFields(handlerOf(typeName).definition), "user");
  }

  /** Settles the provider's own settings. */
  async configure(config: Attributes = { owner: "acme/shop/prod", ssh: null, credentials: null }): Promise<Answer> {
    return this.call("ConfigureProvider", { config: encodeDynamicValue(config) });
  }

  validate(config: Attributes): Promise<Answer> {
    return this.call("ValidateResourceConfig", { config: encodeDynamicValue(config) });
  }

  /** `config` is what the user wrote: what he left out, and what he cannot write, is null in it. */
  plan(
    prior: Attributes | null,
    config: Attributes | null,
    priorPrivate: Uint8Array = new Uint8Array(),
  ): Promise<Answer> {
    return this.call("PlanResourceChange", {
      priorState: encodeDynamicValue(prior),
      proposedNewState: encodeDynamicValue(proposeNewState(this.attributes, prior, config)),
      config: encodeDynamicValue(config),
      priorPrivate,
    });
  }

  /** Plans and applies, as one apply of Terraform's does; the answer has the plan as well. */
  async apply(prior: Attributes | null, config: Attributes | null, priorPrivate?: Uint8Array): Promise<Answer> {
    const { planned = null, private: plannedPrivate, errors } = await this.plan(prior, config, priorPrivate);
    if (errors.length > 0) throw new Error(errors.join("\n"));
    const answer = await this.call("ApplyResourceChange", {
      priorState: encodeDynamicValue(prior),
      plannedState: encodeDynamicValue(planned),
      config: encodeDynamicValue(config),
      plannedPrivate,
    });
    return { ...answer, planned };
  }

  /** Applies with the bytes of a plan that was made before: the delete half of a replacement, whose plan is null. */
  applyPlanned(prior: Attributes, planned: Attributes | null, plannedPrivate: Uint8Array): Promise<Answer> {
    const [priorState, plannedState] = [encodeDynamicValue(prior), encodeDynamicValue(planned)];
    return this.call("ApplyResourceChange", { priorState, plannedState, config: plannedState, plannedPrivate });
  }

  read(state: Attributes, privateBytes: Uint8Array): Promise<Answer> {
    return this.call("ReadResource", { currentState: encodeDynamicValue(state), private: privateBytes });
  }

  upgrade(version: number, json: string): Promise<Answer> {
    return this.call("UpgradeResourceState", { version, rawState: { json: Buffer.from(json) } });
  }

  validateData(config: Attributes): Promise<Answer> {
    return this.call("ValidateDataResourceConfig", { config: encodeDynamicValue(config) });
  }

  readData(config: Attributes): Promise<Answer> {
    return this.call("ReadDataSource", { config: encodeDynamicValue(config) });
  }

  import(id: string): Promise<Answer> {
    return this.call("ImportResourceState", { id });
  }

  /** Brings a state of the same type from a provider of another address. */
  move(sourceProviderAddress: string, json: string, sourcePrivate: Uint8Array): Promise<Answer> {
    const { typeName } = this;
    const source = { sourceTypeName: typeName, sourceSchemaVersion: 0, sourceState: { json: Buffer.from(json) } };
    const request = { sourceProviderAddress, ...source, sourcePrivate, targetTypeName: typeName };
    return this.call("MoveResourceState", request);
  }

  private async call(name: string, request: object): Promise<Answer> {
    const rpc = allRpcs(this.fake.provider)[name];
    if (rpc === undefined) throw new Error(`no ${name}`);
    const response = (await rpc({ typeName: this.typeName, ...request })) as Response;
    const answer = { ...response, ...response.importedResources?.[0] };
    const told = (severity: number) =>
      (answer.diagnostics ?? [])
        .filter((one) => one.severity === severity)
        .map(
          ({ attribute, summary, detail }) =>
            `${attribute === undefined ? "" : `${showPath(attribute)}: `}${summary}\n${detail}`,
        );
    const state = answer.newState ?? answer.upgradedState ?? answer.targetState ?? answer.state;
    return {
      ...(answer.plannedState === undefined
        ? {}
        : { planned: decodeDynamicValue(answer.plannedState) as Attributes | null }),
      ...(state === undefined ? {} : { state: decodeDynamicValue(state) as Attributes | null }),
      private: answer.plannedPrivate ?? answer.targetPrivate ?? answer.private ?? new Uint8Array(),
      replaces: (answer.requiresReplace ?? []).map(showPath),
      errors: told(1),
      warnings: told(2),
    };
  }
}

/** Every attribute of a resource, null but for the given ones. */
export function attributesOf(names: readonly string[], given: Attributes): Attributes {
  return { ...Object.fromEntries(names.map((name) => [name, null])), ...given };
}
