// Not a fault but a wish: the user cancels the move while it runs.

import { openHost } from "../../../provider/controller/host-session";
import { connectionTo } from "../../e2e/world/world";
import type { FaultKind } from "./fault-kind";

/** Asks the source's agent to cancel the operation that changes the VM. */
export const cancelMove: FaultKind = {
  name: "cancel",
  latest: "granted",
  arm: async ({ opened, from }) => {
    const session = await openHost(connectionTo(opened.world, from), { install: "never" });
    return {
      strike: async () => {
        const answer = await session.call("getVm", { params: { vmId: opened.vm.id } });
        const operationId = answer.found === "here" ? answer.report.operationId : undefined;
        if (operationId === undefined) return false;
        await session.call("cancelOperation", { params: { operationId } });
        return true;
      },
      heal: async () => session.close(),
    };
  },
};
