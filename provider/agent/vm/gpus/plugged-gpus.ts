// The GPU partitions in a running machine, by QEMU's own word: which are there, one more plugged in, one ejected. It knows
// nothing of whose they are.

import { LeeaError } from "../../../model/errors";
import { gpuTroubles } from "../../../model/gpu/refusal/gpu-trouble";
import { explainVfioStart } from "../../../model/gpu/refusal/vfio-start";
import { gpuDeviceId, gpuDevices, partitionOfDevice } from "../../../model/gpu/vm/gpu-arguments";
import { rootPortId } from "../../../model/qemu-argv/pci-layout";
import type { LaunchGpu } from "../../../model/qemu-argv/qemu-launch";
import { pollUntil } from "../../migration/poll-until";
import type { QmpClient } from "../../qmp/qmp-client";

const devicesPath = "/machine/peripheral";
const pollMs = 100;
/** A guest that boots hears nothing, so it is asked again. QEMU refuses to ask twice at once. */
const askAgainMs = 5_000;

/** Root port of each partition that is plugged in, by the partition's id (QAPI qom-list, qom-get). */
export async function readPlugged(qmp: QmpClient): Promise<ReadonlyMap<string, number>> {
  const plugged = new Map<string, number>();
  for (const { name } of await qmp.execute("qom-list", { path: devicesPath })) {
    const partitionId = partitionOfDevice(name);
    if (partitionId === undefined) continue;
    const bus = await qmp.execute("qom-get", { path: `${devicesPath}/${name}`, property: "parent_bus" });
    const port = /\/rp-gpu-([0-7])$/.exec(String(bus))?.[1];
    if (port !== undefined) plugged.set(partitionId, Number(port));
  }
  return plugged;
}

/** The lowest root port that no partition sits behind; undefined where all are taken. */
export function findFreePort(plugged: ReadonlyMap<string, number>, gpuPorts: number): number | undefined {
  const taken = new Set(plugged.values());
  return Array.from({ length: gpuPorts }, (_, port) => port).find((port) => !taken.has(port));
}

/** Plugs it in, its first function last: the guest looks at the slot then. Error: START_FAILED (details.trouble where it is known). */
export async function plugGpu(qmp: QmpClient, gpu: LaunchGpu): Promise<void> {
  for (const device of [...gpuDevices(gpu)].reverse()) {
    try {
      await qmp.execute("device_add", { ...device });
    } catch (error) {
      throw plugFailure(gpu, error);
    }
  }
}

function plugFailure({ partitionId, port }: LaunchGpu, cause: unknown): LeeaError {
  const words = cause instanceof Error ? cause.message : String(cause);
  const refusal = explainVfioStart(words);
  return new LeeaError({
    code: "START_FAILED",
    message: `GPU partition ${partitionId} cannot be plugged in behind ${rootPortId("gpu", port)}: ${refusal?.message ?? words}`,
    hint:
      refusal === undefined
        ? "The text is QEMU's own; mend what it names and run again."
        : gpuTroubles[refusal.trouble].hint,
    ...(refusal === undefined ? {} : { details: { trouble: refusal.trouble } }),
    cause,
  });
}

/** Asks the guest to let go and waits until the devices are gone; gives those that it keeps past the limit. Errors: QMP_CLOSED. */
export async function ejectGpus(
  qmp: QmpClient,
  partitionIds: readonly string[],
  { limitMs, signal = new AbortController().signal }: { readonly limitMs: number; readonly signal?: AbortSignal },
): Promise<readonly string[]> {
  const endsAtMs = performance.now() + limitMs;
  let askedAtMs = -askAgainMs;
  let left = partitionIds;
  await pollUntil(signal, pollMs, async () => {
    const nowMs = performance.now();
    if (nowMs - askedAtMs >= askAgainMs) {
      await askFor(qmp, left);
      askedAtMs = nowMs;
    }
    const plugged = await readPlugged(qmp);
    left = left.filter((partitionId) => plugged.has(partitionId));
    return left.length === 0 || performance.now() > endsAtMs;
  });
  return left;
}

/** Refused while an earlier ask waits for the guest, and where the device has just gone. */
async function askFor(qmp: QmpClient, partitionIds: readonly string[]): Promise<void> {
  for (const partitionId of partitionIds)
    await qmp.execute("device_del", { id: gpuDeviceId(partitionId) }).catch(() => undefined); // the next look says how it stands
}
