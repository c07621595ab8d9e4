// What every resource is to Pulumi's SDK. Decides nothing about a resource.

import * as pulumi from "@pulumi/pulumi";

/**
 * A dynamic resource whose registration takes no stack for each of its promises. Pulumi's SDK takes four for every property,
 * for one debugging aid (`PULUMI_DEBUG_PROMISE_LEAKS`, under which they stay), and each is looked up in source maps: of two
 * hundred VMs that was half of an `up` without a change. Where a resource is declared is told by a stack of its own.
 */
export const ResourceBase = new Proxy(pulumi.dynamic.Resource, { construct: registerWithoutStacks });

function registerWithoutStacks(
  base: typeof pulumi.dynamic.Resource,
  args: readonly unknown[],
  newTarget: Function,
): object {
  const { stackTraceLimit } = Error;
  if (!process.env["PULUMI_DEBUG_PROMISE_LEAKS"]) Error.stackTraceLimit = 0;
  try {
    return Reflect.construct(base, args, newTarget) as object;
  } catch (error) {
    Error.stackTraceLimit = stackTraceLimit;
    if (error instanceof Error) Error.captureStackTrace(error); // a mistake in the program is told with its place
    throw error;
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}
