// One mediated device: made of a type under a uuid, and removed. Its uuid follows from the partition's id, so one that is
// there with the right type was made by an earlier try.

import type { PartitionPlace } from "../../../model/gpu/partition-record";
import { refusalError } from "../../../model/gpu/refusal/gpu-trouble";
import type { AgentContext } from "../../agent-context";
import { lastPart, mdevPath, mdevTypesPath } from "../sysfs/gpu-paths";
import { orderKernel } from "../sysfs/order-kernel";

/** The type's id of a mediated device; undefined where there is none of this uuid. */
export async function readMdevType(ctx: AgentContext, uuid: string): Promise<string | undefined> {
  if (!(await ctx.system.exists(mdevPath(uuid)))) return undefined;
  return lastPart(await ctx.system.readLink(mdevPath(uuid, "mdev_type"))) ?? "";
}

/** Makes it and reads it back. Errors: `mdev-exists` (of another type), `profile-full`, those of orderKernel. */
export async function makeMdev(
  ctx: AgentContext,
  { mdevParent = "", mdevUuid = "", profile }: PartitionPlace,
): Promise<void> {
  const type = profile?.id ?? "";
  if ((await readMdevType(ctx, mdevUuid)) === undefined)
    await orderKernel(ctx, {
      act: "create-mdev",
      device: mdevParent,
      write: { path: mdevTypesPath(mdevParent, `${type}/create`), text: mdevUuid },
    });
  const made = await readMdevType(ctx, mdevUuid);
  if (made === type) return;
  throw refusalError(mdevParent, [
    { trouble: "mdev-exists", message: `mediated device ${mdevUuid} is ${made ?? "not there"}, not ${type}` },
  ]);
}

/** Removes it where it is there. One that was never named is not; one of another type under its uuid is somebody else's. */
export async function removeMdev(ctx: AgentContext, { mdevUuid = "", profile }: PartitionPlace): Promise<void> {
  if (mdevUuid === "" || profile === undefined || (await readMdevType(ctx, mdevUuid)) !== profile.id) return;
  await orderKernel(ctx, {
    act: "remove-mdev",
    device: mdevUuid,
    write: { path: mdevPath(mdevUuid, "remove"), text: "1" },
  });
}
