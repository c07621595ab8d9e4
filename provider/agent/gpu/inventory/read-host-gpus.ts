// The host's GPUs in one go, as the rules take them: functions with names, signs of use, parts, what is missing. It changes
// nothing and reads nothing that a pending write could hold.

import { judgeUnseen } from "../../../model/gpu/host/host-readiness";
import type { PciFunction } from "../../../model/gpu/pci/pci-function";
import type { HostGpus } from "../../../model/gpu/plan/host-gpus";
import type { AgentContext } from "../../agent-context";
import { findOpenHandles } from "../sysfs/find-open-handles";
import { readFunctions } from "./read-functions";
import { readHostUse } from "./read-host-use";
import { readNames } from "./read-names";
import { readParts } from "./read-parts";
import { readReadiness } from "./read-readiness";
import { readVirtualParents, virtualVendor } from "./virtual-parents";

/** What to look at; absent: every function of the host, with who has it open. */
interface LookOptions {
  readonly functions?: readonly PciFunction[];
  readonly withHandles?: boolean;
}

/** Everything that a plan needs to know. */
export async function readHostGpus(ctx: AgentContext, options: LookOptions = {}): Promise<HostGpus> {
  const functions = options.functions ?? [...(await readFunctions(ctx)), ...(await readVirtualParents(ctx))];
  const { handles, unseen } = options.withHandles === false ? { handles: [], unseen: [] } : await findOpenHandles(ctx);
  const [nameOf, signs, parts, missing] = await Promise.all([
    readNames(ctx),
    readHostUse(ctx, functions, handles),
    readParts(ctx, functions),
    readReadiness(ctx),
  ]);
  const named = functions.map((device) => ({
    device,
    names:
      device.vendorId === virtualVendor
        ? { vendor: virtualVendor, device: device.deviceId }
        : nameOf(device.vendorId, device.deviceId),
  }));
  return { functions: named, signs, parts, missing: [...missing, ...judgeUnseen(unseen)] };
}
