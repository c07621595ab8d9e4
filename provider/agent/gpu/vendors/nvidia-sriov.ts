// Makes and takes away VFs of NVIDIA's cards by NVIDIA's own program: its driver refuses plain writes on most cards. The
// program asks the driver for a lock that any monitoring program may hold for a moment, so it is given more than one try.

import { setTimeout as delay } from "node:timers/promises";
import { isUnbindLockHeld } from "../../../model/gpu/profile/nvidia-words";
import { refusalError } from "../../../model/gpu/refusal/gpu-trouble";
import { explainBlocked } from "../../../model/gpu/refusal/kernel-refusal";
import type { AgentContext } from "../../agent-context";
import { blockedError } from "../sysfs/order-kernel";
import { runSysfsTool } from "../sysfs/write-sysfs";

const sriovManage = "/usr/lib/nvidia/sriov-manage";

/** Pauses between tries, 3.1 s together: who asks NVML has the card open for less. */
const pausesMs: readonly number[] = [100, 200, 400, 800, 1600];

/** True where the host has the program. */
export function hasSriovManage(ctx: AgentContext): Promise<boolean> {
  return ctx.system.exists(sriovManage);
}

/** All VFs of the card on (`-e`) or off (`-d`). Errors: `unbind-lock-held`, `vf-count-refused`, `write-blocked`. */
export async function manageVfs(ctx: AgentContext, address: string, order: "-e" | "-d"): Promise<void> {
  for (const pauseMs of [...pausesMs, undefined]) {
    const result = await runSysfsTool(ctx, [sriovManage, order, address]);
    if (result.ended === "done") return;
    if (result.ended === "blocked") throw blockedError(explainBlocked("set-vf-count", address), result);
    const words = result.words ?? "";
    if (!isUnbindLockHeld(words)) throw refused(address, "vf-count-refused", `sriov-manage ${order} failed: ${words}`);
    if (pauseMs === undefined) throw refused(address, "unbind-lock-held", `a program of the host has ${address} open`);
    await delay(pauseMs);
  }
}

function refused(address: string, trouble: "vf-count-refused" | "unbind-lock-held", message: string): Error {
  return refusalError(address, [{ trouble, message }]);
}
