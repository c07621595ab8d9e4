// What a changed VM declaration would do, in words for preview. Asks the hosts where a move is due; changes nothing.

import type { VMInputs } from "../../../../schema/generated/declared";
import { type Changes, heaviest } from "../../../model/changes/changes";
import { describePlan, type MoveWay, type PlannedMove, type Preflight } from "../../../model/changes/describe-plan";
import { asMoveBack, asPowerBack, compareVm, findForbiddenMove } from "../../../model/changes/vm-changes";
import { asGpusBack } from "../../../model/changes/vm-gpu-changes";
import type { Connection } from "../../../model/connection";
import { inputError, isLeeaError, type Problem } from "../../../model/errors";
import { asText } from "../../../model/inputs/loose-values";
import { containsUnknown } from "../../../model/inputs/unknown-value";
import { gpuReferencesOf, migrationOf } from "../../../model/inputs/vm-spec-of";
import { preflightMove } from "../../move-vm";
import { findMoveUnderWay } from "../../rejoin-move";
import type { DiffResult, HandlerContext, KnownState, Values } from "../handler-context";
import { findVm } from "./find-vm";
import { gpusForMove } from "./list-gpus-beforehand";
import { hashFiles, listBootFiles } from "./local-files";
import { contentsOf } from "./vm-outputs";

/** The changes between what is known and what is declared now, a hand-moved VM included. */
export async function findVmChanges(known: KnownState, inputs: VMInputs, context: HandlerContext): Promise<Changes> {
  const before = contentsOf(known.outputs);
  const now = await hashFiles(listBootFiles(inputs, context.programFolder));
  const plan = compareVm({ inputs: known.inputs as unknown as VMInputs, contents: before }, { inputs, contents: now });
  const currentNode = asText(known.outputs["currentNode"]);
  const isElsewhere = currentNode !== undefined && asText(inputs.node) !== undefined && currentNode !== inputs.node;
  const rest = plan.changes.filter(({ field }) => field !== "node");
  const isPowerDeclared = plan.changes.some(({ field }) => field === "powerState");
  const powerBack = isPowerDeclared ? undefined : asPowerBack(inputs, asText(known.outputs["state"]));
  const gpuState = { state: asText(known.outputs["state"]), inMachine: known.outputs["gpusInMachine"] };
  // Where they change or the VM moves, they are plugged in by that.
  const gpusBack =
    isElsewhere || plan.changes.some(({ field }) => field === "gpus" || field === "node")
      ? undefined
      : asGpusBack(inputs, gpuState);
  // A changed node that only catches up with a move by hand moves nothing.
  const hasCaughtUp = currentNode === inputs.node && rest.length < plan.changes.length;
  const changes = [
    ...(isElsewhere && rest.length === plan.changes.length ? [asMoveBack(inputs, currentNode)] : []),
    ...(hasCaughtUp
      ? [...rest, { field: "node", change: "none" as const, reason: `it is on ${inputs.node} already` }]
      : plan.changes),
    ...(powerBack === undefined ? [] : [powerBack]),
    ...(gpusBack === undefined ? [] : [gpusBack]),
  ];
  const problems = [...plan.problems, ...findForbiddenMove(inputs, changes)];
  return { ...plan, changes, problems, verdict: heaviest(changes.map(({ change }) => change)) };
}

/** Whether something changes and the lines that say so. INPUT_INVALID where the change is refused. */
export async function diffVm(
  vmId: string,
  known: KnownState,
  inputs: Values,
  context: HandlerContext,
): Promise<DiffResult> {
  const declared = inputs as unknown as VMInputs;
  const plan = await findVmChanges(known, declared, context);
  if (plan.problems.length > 0) throw inputError(`VM "${declared.name}"`, plan.problems);
  const move = plan.verdict === "migrate" ? await planMove(vmId, known, declared, context) : undefined;
  const refused = move === undefined ? [] : reasonsAgainst(move);
  return {
    hasChanges: plan.verdict !== "none",
    replaces: plan.changes.filter(({ change }) => change === "replace").map(({ field }) => field),
    lines: describePlan(declared.name, plan, move),
    ...(refused.length === 0 ? {} : { refused }),
    ...(plan.equal === undefined ? {} : { equal: plan.equal }),
  };
}

function reasonsAgainst({ preflight }: PlannedMove): Problem[] {
  return preflight.state === "refused" ? preflight.reasons.map((message) => ({ field: "node", message })) : [];
}

async function planMove(
  vmId: string,
  known: KnownState,
  inputs: VMInputs,
  context: HandlerContext,
): Promise<PlannedMove> {
  const old = known.inputs as unknown as VMInputs;
  const from = asText(known.outputs["currentNode"]) ?? old.node;
  const to = asText(inputs.node);
  const way = likelyWay(inputs, asText(known.outputs["state"]));
  if (to === undefined || containsUnknown(inputs.nodeConnection)) {
    return { from, to, way, preflight: { state: "unchecked", reason: "the new host is not known yet" } };
  }
  return { from, to, way, ...(await askHosts(vmId, old, inputs, context)) };
}

/** As far as it can be told without asking the hosts. */
function likelyWay(inputs: VMInputs, state: string | undefined): MoveWay {
  if (state === "stopped" || state === "crashed") return "stopped";
  return inputs.migration?.mode === "cold" ? "cold" : "live";
}

async function askHosts(
  vmId: string,
  old: VMInputs,
  inputs: VMInputs,
  context: HandlerContext,
): Promise<{ readonly way?: MoveWay; readonly preflight: Preflight }> {
  try {
    const found = await findVm(context.hosts, vmId, { nodeId: old.node, connection: old.nodeConnection });
    if (found === undefined)
      return {
        preflight: { state: "refused", reasons: [`${old.node} does not know it; run \`pulumi refresh\``] },
      };
    try {
      return await askDestination({ ...found, inputs }, context);
    } finally {
      found.session.close();
    }
  } catch (error) {
    // A preview must not fail because a host is asleep: the move itself asks again and refuses with the same words.
    const reason = error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error);
    return { preflight: { state: "unchecked", reason } };
  }
}

async function askDestination(
  found: NonNullable<Awaited<ReturnType<typeof findVm>>> & { inputs: VMInputs },
  context: HandlerContext,
): Promise<{ readonly way?: MoveWay; readonly preflight: Preflight }> {
  const connection: Connection = found.inputs.nodeConnection;
  if (found.report.nodeId === found.inputs.node) return { preflight: { state: "possible" } };
  const destination = await context.hosts.open(connection, { install: "never", expectNodeId: found.inputs.node });
  try {
    const joined = await describeMoveUnderWay(found);
    if (joined !== undefined) return { preflight: joined };
    const bootFiles = listBootFiles(found.inputs, context.programFolder);
    const { migration, gpus } = found.inputs;
    const { way, reasons, grounds, offersCold } = await preflightMove({
      report: found.report,
      source: found.session,
      destination,
      destinationConnection: connection,
      bootFiles,
      areBootFilesKnown: !containsUnknown(found.inputs.boot),
      ...(containsUnknown(migration) ? {} : { migration: migrationOf(migration) }),
      ...(containsUnknown(gpus)
        ? {}
        : { gpus: gpusForMove(found.report.spec, gpuReferencesOf(gpus), found.inputs.node) }),
    });
    const isPossible = reasons.length === 0;
    return { way, preflight: isPossible ? { state: "possible", grounds } : { state: "refused", reasons, offersCold } };
  } finally {
    destination.close();
  }
}

/** A move that another program began: the update follows it, or is refused by its name. */
async function describeMoveUnderWay(
  found: NonNullable<Awaited<ReturnType<typeof findVm>>> & { inputs: VMInputs },
): Promise<Preflight | undefined> {
  try {
    const { report, session: source, inputs } = found;
    const operation = await findMoveUnderWay({ report, source, destinationId: inputs.node });
    return operation === undefined
      ? undefined
      : { state: "possible", grounds: `that move is under way (${operation.operationId}), and this run follows it` };
  } catch (error) {
    if (!isLeeaError(error, "NOT_ALLOWED_NOW")) throw error;
    return { state: "refused", reasons: [error.message] };
  }
}
