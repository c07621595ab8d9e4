// Lets types of several sizes onto one of NVIDIA's cards where its partitions have several: a boot takes that away with the VFs,
// so it is set anew before the first of them is typed. Alone it is never set: fewer partitions of one size fit then.

import { partsOfDevice } from "../../../model/gpu/owner-guard";
import type { PartitionPlace } from "../../../model/gpu/partition-record";
import { mixedSizesOrder, readMixedSizes } from "../../../model/gpu/profile/nvidia-words";
import { refusalError } from "../../../model/gpu/refusal/gpu-trouble";
import type { GpuHost } from "../gpu-host";
import { readVgpuType } from "./vendor-type";

/** Sets it where the card's records ask for it and no VF has a type yet. Error: `sizes-not-mixed`. */
export async function allowMixedSizes(host: GpuHost, place: PartitionPlace, vfs: readonly string[]): Promise<void> {
  const { ctx, records } = host;
  const types = partsOfDevice(place.device, records.all()).flatMap((part) => part.place.profile?.id ?? []);
  if (new Set(types).size < 2 || (await isMixed(host, place.device)) !== false) return;
  const typed = await Promise.all(vfs.map((vf) => readVgpuType(ctx, vf)));
  if (typed.some((type) => type !== undefined)) return; // too late: the VF's own list says what still fits
  await ctx.system.run(["nvidia-smi", "vgpu", "-shm", "1", "-i", place.device], { acceptExitCodes: anyExitCode });
  if ((await isMixed(host, place.device)) === true) return;
  throw refusalError(place.device, [
    {
      trouble: "sizes-not-mixed",
      message: `nvidia-smi lets no types of several sizes onto ${place.device}; ${mixedSizesOrder(place.device)}`,
    },
  ]);
}

/** Its exit code says little: what it set is read back. */
const anyExitCode = Array.from({ length: 256 }, (_, code) => code);

async function isMixed({ ctx }: GpuHost, card: string): Promise<boolean | undefined> {
  const shown = await ctx.system.run(["nvidia-smi", "-q", "-i", card], { acceptExitCodes: anyExitCode });
  return readMixedSizes(shown.stdout);
}
