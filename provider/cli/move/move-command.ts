// `leea move VM NODE`: asks both hosts, says what they answer, and moves by the controller's own move, so that an `up`
// at the same time joins it. The source's agent owns the move; this program only watches.

import { resolve } from "node:path";
import { chooseOperationId } from "../../controller/handlers/choose-operation-id";
import type { HandlerContext } from "../../controller/handlers/handler-context";
import { bundledAgentHash, openHost, removeAgent } from "../../controller/host-session";
import { type Move, moveVm, preflightMove } from "../../controller/move-vm";
import { isLeeaError } from "../../model/errors";
import type { Progress } from "../../protocol/operation";
import type { VmReport } from "../../protocol/vm";
import { type ChosenHosts, chooseHosts } from "../hosts/choose-hosts";
import { mergeVms, type PlacedVm } from "../hosts/merge-vms";
import { pickNode, pickVm } from "../hosts/pick";
import { type AnsweringHost, closeSurveys, surveyHosts } from "../hosts/survey";
import { nameOfNode } from "../text/figures";
import { showProgress } from "../text/show-progress";
import { exitCodes } from "../words/exit-codes";
import type { ParsedWords } from "../words/parse-words";
import { describeOutcome, type MoveOutcome, statusOfMove } from "./move-outcome";
import { standardError } from "./standard-error";

/** Moves and gives the exit status of what came of it. */
export async function moveCommand(parsed: ParsedWords): Promise<number> {
  const [vmWord = "", nodeWord = ""] = parsed.args;
  const chosen = await chooseHosts(parsed);
  const surveys = await surveyHosts(chosen.hosts);
  try {
    const vm = pickVm(vmWord, mergeVms(surveys), surveys);
    const destination = pickNode(nodeWord, surveys);
    const outcome = await bring(vm, destination, { parsed, chosen });
    if (parsed.switches.has("json")) process.stdout.write(`${JSON.stringify(outcome, null, 2)}\n`);
    else process.stdout.write(`${describeOutcome(outcome).join("\n")}\n`);
    warnOfReturn(outcome, chosen);
    return statusOfMove(outcome);
  } finally {
    closeSurveys(surveys);
  }
}

/** What is declared is not changed by hand: the program would move it back. */
function warnOfReturn({ outcome, vmId, name, currentNode = "" }: MoveOutcome, { stackVms }: ChosenHosts): void {
  const declared = stackVms.find((vm) => vm.vmId === vmId)?.node;
  if (outcome !== "moved" || declared === undefined || declared === currentNode) return;
  const [to, from] = [nameOfNode(currentNode), nameOfNode(declared)];
  process.stderr.write(
    `Its program declares ${from}: declare ${to} to keep ${name} there, else the next \`pulumi up --refresh\` moves it back.\n`,
  );
}

interface Wish {
  readonly parsed: ParsedWords;
  readonly chosen: ChosenHosts;
}

async function bring(vm: PlacedVm, destination: AnsweringHost, wish: Wish): Promise<MoveOutcome> {
  const { report } = vm;
  const to = destination.node.identity.nodeId;
  const base = { vmId: report.vmId, name: report.spec.name, from: report.nodeId, to };
  if (report.nodeId === to && vm.operation?.operation.kind !== "move-vm")
    return { ...base, outcome: "already-there", currentNode: to };
  const move = composeMove(vm, destination, wish);
  if (vm.operation?.operation.kind === "move-vm")
    return { ...base, currentNode: report.nodeId, ...(await joinMove(vm, move, to)) };
  const { reasons, grounds, way, offersCold } = await preflightMove(move);
  const here = { ...base, way, currentNode: report.nodeId };
  if (reasons.length > 0) return { ...here, outcome: "refused", reasons, offersCold };
  if (wish.parsed.switches.has("dry-run")) return { ...here, outcome: "possible", grounds };
  process.stderr.write(`${describeOutcome({ ...here, outcome: "possible", grounds }).join("\n")}\n`);
  return { ...here, ...(await watch(report.spec.name, (onProgress) => moveVm(move, contextOf(onProgress)))) };
}

function composeMove({ report, host }: PlacedVm, destination: AnsweringHost, { parsed, chosen }: Wish): Move {
  const { migration } = report.spec;
  const declared = chosen.stackVms.find(({ vmId }) => vmId === report.vmId)?.bootFiles ?? [];
  const paths = [
    ...(parsed.values["boot-file"] ?? []).map((path) => resolve(path)),
    ...declared.map((path) => resolve(chosen.programFolder, path)),
  ];
  return {
    report,
    source: host.session,
    destination: destination.session,
    destinationConnection: destination.connection,
    bootFiles: paths.map((path) => ({ key: path, path })),
    ...(parsed.switches.has("cold") && migration.mode !== "forbid"
      ? { migration: { ...migration, mode: "cold" } }
      : {}),
  };
}

/** A move to the same host is followed to its end; one to another host stands in the way. */
async function joinMove(
  vm: PlacedVm,
  move: Move,
  to: string,
): Promise<Omit<MoveOutcome, "vmId" | "name" | "from" | "to">> {
  const { operation, host } = vm.operation ?? {};
  if (operation === undefined || host === undefined) throw new TypeError("there is no move to join");
  const { vmId, generation } = vm.reporters.find((each) => each.host === host)?.report ?? vm.report;
  const operationId = await chooseOperationId(host.session, "move", [vmId, generation, host.node.identity.nodeId, to]);
  if (operationId !== operation.operationId)
    return {
      outcome: "refused",
      operationId: operation.operationId,
      reasons: [
        `another move of it runs (phase ${operation.progress.phase}); wait for its end, or cancel it with \`leea cancel ${vm.report.spec.name}\``,
      ],
    };
  process.stderr.write(`A move to ${nameOfNode(to)} runs already; this joins it.\n`);
  return watch(vm.report.spec.name, async (onProgress) => {
    await host.session.follow(operation, onProgress);
    const answer = await move.destination.call("getVm", { params: { vmId } });
    return answer.found === "here" ? answer.report : vm.report;
  });
}

/** Shows the progress of a move. Its failure is an outcome; one of the way is thrown. */
async function watch(
  name: string,
  run: (onProgress: (progress: Progress) => void) => Promise<VmReport>,
): Promise<Omit<MoveOutcome, "vmId" | "name" | "from" | "to">> {
  const shown = showProgress(standardError());
  const onInterrupt = (): void => {
    shown.end();
    process.stderr.write(
      `\nThe hosts go on with the move of ${name}. Watch it with \`leea status --watch\`, cancel it with \`leea cancel ${name}\`.\n`,
    );
    process.exit(exitCodes.interrupted);
  };
  process.on("SIGINT", onInterrupt);
  try {
    const { nodeId, lastMigration } = await run((progress) => shown.show(progress));
    return {
      outcome: "moved",
      currentNode: nodeId,
      ...(lastMigration === undefined ? {} : { figures: lastMigration }),
    };
  } catch (error) {
    if (isLeeaError(error, "CANCELLED")) return { outcome: "cancelled" };
    if (!isLeeaError(error, "MOVE_FAILED")) throw error;
    const causes = [error.message, ...(error.cause instanceof Error ? [error.cause.message] : [])];
    return { outcome: "failed", message: causes.join(": ") };
  } finally {
    process.off("SIGINT", onInterrupt);
    shown.end();
  }
}

function contextOf(onProgress: (progress: Progress) => void): HandlerContext {
  return {
    hosts: { open: openHost, removeAgent, bundledAgentHash },
    report: {
      note: (_subject, text) => void process.stderr.write(`${text}\n`),
      progress: (_subject, progress) => onProgress(progress),
    },
    programFolder: process.cwd(),
  };
}
