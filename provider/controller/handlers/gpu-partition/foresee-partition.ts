// What the host would make of a partition that is still to be made, asked at preview: its choice as a note, what stands against
// it as mistakes. A host that cannot be asked yet is none: the make itself asks again. Changes nothing.

import type { GpuPartitionInputs } from "../../../../schema/generated/declared";
import { isLeeaError, type Problem } from "../../../model/errors";
import { partitionSpecOf } from "../../../model/gpu/inputs/partition-spec-of";
import { containsUnknown } from "../../../model/inputs/unknown-value";
import type { CheckPartitionAnswer } from "../../../protocol/gpu";
import { type HandlerContext, type Values, withHost } from "../handler-context";

/** Every reason against it, at the field that chooses it. `inputs` are checked, and no state has them yet. */
export async function foreseePartition(
  partitionId: string,
  inputs: Values,
  context: HandlerContext,
): Promise<readonly Problem[]> {
  if (containsUnknown(inputs)) return [];
  const declared = inputs as unknown as GpuPartitionInputs;
  const answer = await askHost(partitionId, declared, context);
  if (answer?.choice !== undefined) context.report.note(declared.name, describeChoice(answer.choice));
  return (answer?.reasons ?? []).map((message) => ({ field: "device", message }));
}

/** Undefined where it is there already, to be adopted or to go first, and where the host cannot be asked. */
async function askHost(
  partitionId: string,
  declared: GpuPartitionInputs,
  context: HandlerContext,
): Promise<CheckPartitionAnswer | undefined> {
  const { node, nodeConnection, name } = declared;
  const params = { partitionId };
  try {
    return await withHost(context.hosts, nodeConnection, { install: "never", expectNodeId: node }, async (session) => {
      const there = await session.call("getGpuPartition", { params });
      if (there.found === "here") return undefined;
      return session.call("checkGpuPartition", { params, body: { spec: partitionSpecOf(declared) } });
    });
  } catch (error) {
    // A preview must not fail because a host is asleep or still to be updated: the make says the same in earnest.
    if (!isLeeaError(error)) throw error;
    context.report.note(name, `its host could not be asked what it would be (${error.message.split("\n")[0]})`);
    return undefined;
  }
}

function describeChoice({ mode, part, because, passedOver }: NonNullable<CheckPartitionAnswer["choice"]>): string {
  const passed = passedOver.length === 0 ? "" : `; ${passedOver.join("; ")}`;
  return `is ${mode} of ${part}, because ${because}${passed}`;
}
