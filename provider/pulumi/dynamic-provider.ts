// One resource handler in the words of Pulumi's dynamic providers (`pulumi.dynamic.ResourceProvider`). Translates only:
// what it would decide belongs to the handler.

import type { HandlerContext, ResourceHandler, Values } from "../controller/handlers/handler-context";
import { describeError, LeeaError } from "../model/errors";
import { declaredOf, joinState, providerKey, splitState } from "./split-state";

/** The operations, each with Pulumi's own arguments and results. */
export interface DynamicProvider {
  check(olds: Values, news: Values): Promise<{ inputs: Values; failures: { property: string; reason: string }[] }>;
  diff(
    id: string,
    olds: Values,
    news: Values,
  ): Promise<{ changes: boolean; replaces: string[]; deleteBeforeReplace: boolean }>;
  create(inputs: Values): Promise<{ id: string; outs: Values }>;
  read(id: string, properties: Values): Promise<{ id: string; props: Values }>;
  update(id: string, olds: Values, news: Values): Promise<{ outs: Values }>;
  delete(id: string, properties: Values): Promise<void>;
}

/** The handler as a dynamic provider. Errors carry describeError's text, as Pulumi shows nothing but the message. */
export function createDynamicProvider(handler: ResourceHandler, context: HandlerContext): DynamicProvider {
  const { definition } = handler;
  return {
    check: (olds, news) =>
      worded(async () => {
        const previous = declaredOf(olds);
        const known = Object.keys(previous).length === 0 ? undefined : previous;
        const { inputs, problems } = await handler.check(declaredOf(news), known, context);
        return {
          inputs,
          failures: problems.map(({ field, message }) => ({ property: field, reason: message })),
        };
      }),
    diff: (id, olds, news) =>
      worded(async () => {
        const result = await handler.diff(id, splitState(definition, olds), declaredOf(news), context);
        for (const line of result.lines) console.log(line);
        return { changes: result.hasChanges, replaces: [...result.replaces], deleteBeforeReplace: true };
      }),
    create: (inputs) => create(handler, context, inputs),
    read: (id, properties) =>
      worded(async () => {
        const state = await handler.read(id, splitState(definition, properties), context);
        return state === undefined ? { id: "", props: {} } : { id, props: joinState(state) };
      }),
    update: (id, olds, news) =>
      worded(async () => ({
        outs: joinState(await handler.update(id, splitState(definition, olds), declaredOf(news), context)),
      })),
    delete: (id, properties) => worded(() => handler.delete(id, splitState(definition, properties), context)),
  };
}

async function create(
  handler: ResourceHandler,
  context: HandlerContext,
  properties: Values,
): Promise<{ id: string; outs: Values }> {
  const inputs = declaredOf(properties);
  let reached: string | undefined;
  try {
    const { id, outputs } = await handler.create(inputs, context, (id) => {
      reached = id;
    });
    return { id, outs: joinState({ inputs, outputs }) };
  } catch (error) {
    const worded = wordError(error);
    if (reached === undefined) throw worded;
    // Pulumi records the resource from these three, and the next `up` updates it. It stores the properties as they are,
    // so the provider's own text must be among them or nobody could read or delete the resource again.
    throw Object.assign(worded, {
      id: reached,
      properties: { ...inputs, [providerKey]: properties[providerKey] },
      reasons: [worded.message],
    });
  }
}

async function worded<T>(act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    throw wordError(error);
  }
}

/** A defect keeps its stack; what leea throws on purpose does not need one. */
function wordError(error: unknown): Error {
  const text = describeError(error);
  const result = new Error(text, { cause: error });
  const isDefect = error instanceof Error && !(error instanceof LeeaError);
  result.stack = isDefect ? (error.stack ?? text) : text;
  return result;
}
