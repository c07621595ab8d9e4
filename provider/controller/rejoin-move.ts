// A move that is under way already, begun by a program that died since or by another one: joined where it goes where this one is to
// go, refused by its name where it does not. A second move is never begun.

import { LeeaError } from "../model/errors";
import type { Operation } from "../protocol/operation";
import type { VmReport } from "../protocol/vm";
import { operationIdsOf } from "./handlers/choose-operation-id";
import type { HandlerContext } from "./handlers/handler-context";
import type { HostSession } from "./host-session";

/** What is asked of a move that may be under way. */
export interface MoveToJoin {
  readonly report: VmReport;
  readonly source: HostSession;
  readonly destinationId: string;
}

/** What every program that wants this move derives the same operation id from. */
export function moveWish(report: VmReport, destinationId: string): readonly unknown[] {
  return [report.vmId, report.generation, report.nodeId, destinationId];
}

/** The move of this VM to that host, while it runs; undefined where no move runs. NOT_ALLOWED_NOW for one that goes elsewhere. */
export async function findMoveUnderWay(move: MoveToJoin): Promise<Operation | undefined> {
  const { report, source, destinationId } = move;
  if (report.state !== "moving" || report.operationId === undefined) return undefined;
  const operation = await source.call("getOperation", { params: { operationId: report.operationId } });
  if (operation.kind !== "move-vm" || operation.state !== "running") return undefined;
  if (operationIdsOf("move", moveWish(report, destinationId)).test(operation.operationId)) return operation;
  throw new LeeaError({
    code: "NOT_ALLOWED_NOW",
    message: `VM "${report.spec.name}" is being moved to another host than ${destinationId} already (operation ${operation.operationId}, phase ${operation.progress.phase})`,
    hint: `Wait for it to end and run again, or cancel it: leea cancel ${report.spec.name}`,
    details: { operationId: operation.operationId },
  });
}

/** Follows it to its end; true where there was one. Throws what the move failed with, as to the program that began it. */
export async function joinMoveUnderWay(move: MoveToJoin, context: HandlerContext): Promise<boolean> {
  const operation = await findMoveUnderWay(move);
  if (operation === undefined) return false;
  const { name } = move.report.spec;
  context.report.note(
    name,
    `a move to ${move.destinationId} is under way (${operation.operationId}); this run follows it`,
  );
  await move.source.follow(operation, (progress) => context.report.progress(name, progress));
  return true;
}
