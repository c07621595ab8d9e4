// The floor of the bench's rows about plans: a Terraform provider with one resource, of the fields of leea_vm, that does
// nothing. It speaks through the same plugin layer as leea's, so that what is compared is what leea does with a resource.

import { type handleUnaryCall, Server } from "@grpc/grpc-js";
import { handshakeLine, readHandshake } from "../../provider/terraform/plugin/handshake";
import { listen } from "../../provider/terraform/plugin/listen";
import { addPluginServices } from "../../provider/terraform/plugin/plugin-services";
import { getProviderSchema as getLeeaSchema } from "../../provider/terraform/rpc/provider/get-provider-schema";
import { decodeDynamicValue, encodeDynamicValue } from "../../provider/terraform/wire/dynamic-value";
import { describeService } from "../../provider/terraform/wire/message-types";
import type {
  ApplyRequest,
  PlanRequest,
  ReadRequest,
  UpgradeStateRequest,
} from "../../provider/terraform/wire/messages";
import { type AttributeValue, unknownAttribute } from "../../provider/terraform/wire/unknown-attribute";

type Answer = (request: object) => object | Promise<object>;
type AttributeObject = { readonly [name: string]: AttributeValue };

/** The fields of leea_vm: what the CLI itself does with a resource grows with them. */
const getProviderSchema: Answer = async () => {
  const { resourceSchemas } = (await getLeeaSchema()) as { resourceSchemas: Record<string, object> };
  return {
    provider: { version: 0, block: { version: 0, attributes: [] } },
    resourceSchemas: { trivial_thing: resourceSchemas["leea_vm"] },
    serverCapabilities: { planDestroy: true, getProviderSchemaOptional: true },
  };
};

const upgradeResourceState: Answer = (request) => {
  const { rawState } = request as UpgradeStateRequest;
  const state = JSON.parse(Buffer.from(rawState?.json ?? []).toString("utf8")) as AttributeObject;
  return { upgradedState: encodeDynamicValue(state) };
};

const readResource: Answer = (request) => ({ newState: (request as ReadRequest).currentState });

/** What is proposed; a new thing gets an id. */
const planResourceChange: Answer = (request) => {
  const { priorState, proposedNewState } = request as PlanRequest;
  const proposed = decodeDynamicValue(proposedNewState) as AttributeObject | null;
  if (proposed === null || decodeDynamicValue(priorState) !== null) return { plannedState: proposedNewState };
  return { plannedState: encodeDynamicValue({ ...proposed, id: unknownAttribute }) };
};

const applyResourceChange: Answer = (request) => {
  const planned = decodeDynamicValue((request as ApplyRequest).plannedState) as AttributeObject | null;
  return { newState: encodeDynamicValue(planned === null ? null : { ...planned, id: planned["name"] ?? null }) };
};

const answers: Readonly<Record<string, Answer>> = {
  GetProviderSchema: getProviderSchema,
  ValidateProviderConfig: () => ({}),
  ValidateResourceConfig: () => ({}),
  UpgradeResourceState: upgradeResourceState,
  ConfigureProvider: () => ({}),
  ReadResource: readResource,
  PlanResourceChange: planResourceChange,
  ApplyResourceChange: applyResourceChange,
  StopProvider: () => ({}),
};

async function serve(): Promise<void> {
  const handshake = readHandshake(process.env, process.platform);
  const server = new Server();
  const unary =
    (answer: Answer): handleUnaryCall<object, object> =>
    (call, respond) =>
      void Promise.resolve(answer(call.request)).then((response) => respond(null, response));
  const handlers = Object.entries(answers).map(([name, answer]) => [name, unary(answer)] as const);
  server.addService(describeService("tfplugin6.Provider"), Object.fromEntries(handlers));
  let cleanUp = (): void => undefined;
  addPluginServices(server, () =>
    setImmediate(() => {
      cleanUp();
      process.exit(0);
    }),
  );
  const listening = await listen(server, handshake);
  cleanUp = listening.cleanUp;
  process.stdout.write(handshakeLine(handshake, listening.address, listening.certificateDer));
}

serve().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
