// A VM that another run is still making or changing, or that its host starts again: that work ends first, as its host takes
// one operation of a VM at a time. A run that was cut off is followed this way by the next one, whatever that one wishes.

import { isLeeaError } from "../../../model/errors";
import type { OperationKind } from "../../../protocol/operation";
import type { VmReport } from "../../../protocol/vm";
import type { HostSession } from "../../host-session";
import type { HandlerContext } from "../handler-context";

/** What ends by itself. A move is joined or refused by whoever wants another one. */
const awaited: { readonly [Kind in OperationKind]?: string } = {
  "put-vm": "is still being made or changed by an earlier run, which is waited for",
  "restart-vm": "is being started again by its host, which is waited for",
};

/** Waits for a running create or change of the VM, or its start by its host, however it ends: what it left is what the caller then changes. */
export async function awaitWork(session: HostSession, report: VmReport, context: HandlerContext): Promise<void> {
  const { operationId } = report;
  if (operationId === undefined) return;
  const operation = await session.call("getOperation", { params: { operationId } });
  const what = awaited[operation.kind];
  if (what === undefined || operation.state !== "running") return;
  context.report.note(report.spec.name, what);
  try {
    await session.follow(operation, (progress) => context.report.progress(report.spec.name, progress));
  } catch (error) {
    // Its failure is told by whoever asked for it, and mended by what comes next. Not to be heard any more is another thing.
    const ended = await session.call("getOperation", { params: { operationId } });
    if (!isLeeaError(error) || ended.state === "running") throw error;
  }
}
