// `leea cancel VM`: asks the source to undo the running move, waits for its end, and tells how it ended, never how it
// was meant to.

import { isLeeaError } from "../../model/errors";
import type { Operation } from "../../protocol/operation";
import type { MoveResult } from "../../protocol/vm";
import { fromWireError } from "../../protocol/wire-error";
import { chooseHosts } from "../hosts/choose-hosts";
import { mergeVms, type PlacedVm } from "../hosts/merge-vms";
import { pickVm } from "../hosts/pick";
import { type AnsweringHost, closeSurveys, surveyHosts } from "../hosts/survey";
import { showProgress } from "../text/show-progress";
import type { ParsedWords } from "../words/parse-words";
import { describeOutcome, type MoveOutcome, statusOfCancel } from "./move-outcome";
import { standardError } from "./standard-error";

/** Cancels and gives the exit status: 0 where the move was undone, 5 where it was too late or there was none. */
export async function cancelCommand(parsed: ParsedWords): Promise<number> {
  const surveys = await surveyHosts((await chooseHosts(parsed)).hosts);
  try {
    const vm = pickVm(parsed.args[0] ?? "", mergeVms(surveys), surveys);
    const outcome = await cancel(vm);
    if (parsed.switches.has("json")) process.stdout.write(`${JSON.stringify(outcome, null, 2)}\n`);
    else process.stdout.write(`${describeOutcome(outcome).join("\n")}\n`);
    return statusOfCancel(outcome);
  } finally {
    closeSurveys(surveys);
  }
}

async function cancel({ report, operation: running }: PlacedVm): Promise<MoveOutcome> {
  const base = { vmId: report.vmId, name: report.spec.name, currentNode: report.nodeId };
  if (running === undefined)
    return { ...base, outcome: "nothing-to-cancel", message: `it is ${report.state}, and nothing changes it` };
  const { operationId, kind } = running.operation;
  if (kind !== "move-vm")
    return {
      ...base,
      operationId,
      outcome: "nothing-to-cancel",
      message: `what changes it is ${kind}, which cannot be cancelled`,
    };
  const { host } = running;
  await host.session.call("cancelOperation", { params: { operationId } });
  const ended = await waitForEnd(host, running.operation);
  return { ...base, operationId, from: host.node.identity.nodeId, ...outcomeOf(ended) };
}

/** The operation as it ended, well or not. */
async function waitForEnd(host: AnsweringHost, operation: Operation): Promise<Operation> {
  const shown = showProgress(standardError());
  try {
    return await host.session.follow(operation, (progress) => shown.show(progress));
  } catch (error) {
    const { operationId } = operation;
    const ended = await host.session.call("getOperation", { params: { operationId } });
    if (ended.state === "running" || !isLeeaError(error)) throw error;
    return ended;
  } finally {
    shown.end();
  }
}

function outcomeOf({ state, result, error }: Operation): Pick<MoveOutcome, "outcome"> & Partial<MoveOutcome> {
  if (state === "cancelled") return { outcome: "cancelled" };
  if (state === "succeeded") {
    const { figures } = result as MoveResult;
    return { outcome: "too-late", currentNode: figures.to, to: figures.to, figures };
  }
  return {
    outcome: "failed",
    message: error === undefined ? "it ended without a reason" : fromWireError(error).message,
  };
}
