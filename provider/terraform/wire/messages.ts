// The messages of Terraform's plugin protocol 6 that we read or write, as TypeScript sees them after decoding. Names
// are those of tfplugin6.proto in camel case; a message that was not sent is null, bytes that were not sent are empty.

/** A value in msgpack (always sent to us) or JSON. */
export interface DynamicValue {
  readonly msgpack?: Uint8Array;
  readonly json?: Uint8Array;
}

/** A state as it lies in Terraform's file: JSON by the schema of its version. */
export interface RawState {
  readonly json: Uint8Array;
}

/** One step: an attribute's name, or an index of a list. */
export type PathStep = { readonly attributeName: string } | { readonly elementKeyInt: number };

/** Where in a resource's values something is. */
export interface AttributePath {
  readonly steps: readonly PathStep[];
}

/** The severities of Diagnostic in tfplugin6.proto. */
export const severities = { error: 1, warning: 2 } as const;

/** Something to tell the user. */
export interface Diagnostic {
  readonly severity: 1 | 2;
  readonly summary: string;
  readonly detail: string;
  readonly attribute?: AttributePath;
}

/** What most answers may carry. */
export interface WithDiagnostics {
  readonly diagnostics?: readonly Diagnostic[];
}

/** Request of Validate*Config and ReadDataSource; of the provider's own without a type name. */
export interface ConfigRequest {
  readonly typeName: string;
  readonly config: DynamicValue | null;
}

/** Request of ConfigureProvider. */
export interface ConfigureRequest {
  readonly terraformVersion: string;
  readonly config: DynamicValue | null;
}

/** Request of UpgradeResourceState. */
export interface UpgradeStateRequest {
  readonly typeName: string;
  readonly version: number | { toNumber(): number };
  readonly rawState: RawState | null;
}

/** Request of MoveResourceState. */
export interface MoveStateRequest {
  readonly sourceProviderAddress: string;
  readonly sourceTypeName: string;
  readonly sourceSchemaVersion: UpgradeStateRequest["version"];
  readonly sourceState: RawState | null;
  readonly sourcePrivate: Uint8Array;
  readonly targetTypeName: string;
}

/** Request of ReadResource. */
export interface ReadRequest {
  readonly typeName: string;
  readonly currentState: DynamicValue | null;
  readonly private: Uint8Array;
}

/** Answer of ReadResource: null where it is gone. */
export interface ReadResponse extends WithDiagnostics {
  readonly newState?: DynamicValue;
  readonly private?: Uint8Array;
}

/** Request of PlanResourceChange. */
export interface PlanRequest {
  readonly typeName: string;
  readonly priorState: DynamicValue | null;
  readonly proposedNewState: DynamicValue | null;
  readonly config: DynamicValue | null;
  readonly priorPrivate: Uint8Array;
}

/** Answer of PlanResourceChange. */
export interface PlanResponse extends WithDiagnostics {
  readonly plannedState?: DynamicValue;
  readonly requiresReplace?: readonly AttributePath[];
  readonly plannedPrivate?: Uint8Array;
}

/** Request of ApplyResourceChange. */
export interface ApplyRequest {
  readonly typeName: string;
  readonly priorState: DynamicValue | null;
  readonly plannedState: DynamicValue | null;
  readonly config: DynamicValue | null;
  readonly plannedPrivate: Uint8Array;
}

/** Answer of ApplyResourceChange. With an error and a state, a create is tainted. */
export interface ApplyResponse extends WithDiagnostics {
  readonly newState?: DynamicValue;
  readonly private?: Uint8Array;
}

/** Request of ImportResourceState. */
export interface ImportRequest {
  readonly typeName: string;
  readonly id: string;
}

/** Answer of ImportResourceState. */
export interface ImportResponse extends WithDiagnostics {
  readonly importedResources?: readonly {
    readonly typeName: string;
    readonly state: DynamicValue;
    readonly private: Uint8Array;
  }[];
}
