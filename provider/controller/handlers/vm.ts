// The VM resource, as both front doors drive it.

import { createHash } from "node:crypto";
import type { VMInputs } from "../../../schema/generated/declared";
import { vm } from "../../../schema/vm";
import { compareVm } from "../../model/changes/vm-changes";
import { LeeaError } from "../../model/errors";
import { checkVm } from "../../model/inputs/check-vm";
import { asNumber } from "../../model/inputs/loose-values";
import { deriveVmId } from "../../model/inputs/vm-id";
import type { VmReport } from "../../protocol/vm";
import type { HostSession } from "../host-session";
import { chooseOperationId } from "./choose-operation-id";
import {
  type CheckResult,
  type HandlerContext,
  type KnownState,
  type Reached,
  type ResourceHandler,
  type Values,
  withHost,
} from "./handler-context";
import { isSilence } from "./is-silence";
import { validateInputs } from "./validate-inputs";
import { awaitWork } from "./vm/await-work";
import { findBadImages } from "./vm/check-images";
import { diffVm } from "./vm/diff-vm";
import { askForVm, type FoundVm, findVm } from "./vm/find-vm";
import { findMissingFiles } from "./vm/local-files";
import { lookUpVm } from "./vm/look-up-vm";
import { putVm } from "./vm/put-vm";
import { updateVm } from "./vm/update-vm";
import { asUnreachable, knownContents, outputsOfVm } from "./vm/vm-outputs";

/** The handler of VMs. Its id is the vmId. */
export const vmHandler: ResourceHandler = {
  definition: vm,
  check: (declared, previous, context) => Promise.resolve(checkInputs(declared, previous, context)),
  diff: diffVm,
  create: createVm,
  read: readVm,
  update: updateVm,
  find: lookUpVm,
  delete: deleteVm,
};

function checkInputs(declared: Values, previous: Values | undefined, context: HandlerContext): CheckResult {
  const { values, problems } = validateInputs(vm, { ...declared, name: declared["name"] ?? declared["logicalName"] });
  const files = [findMissingFiles, findBadImages].flatMap((find) => find(values, previous, context.programFolder));
  const between = [...checkVm(values), ...files];
  const isSound = problems.length === 0 && between.length === 0;
  return {
    inputs: values,
    problems: [...problems, ...between, ...(isSound ? findRefusedChanges(values, previous) : [])],
  };
}

function findRefusedChanges(values: Values, previous: Values | undefined): CheckResult["problems"] {
  if (previous === undefined) return [];
  const declared = { inputs: values as unknown as VMInputs, contents: {} };
  return compareVm({ inputs: previous as unknown as VMInputs, contents: {} }, declared).problems;
}

async function createVm(
  inputs: Values,
  context: HandlerContext,
  reached: Reached,
): Promise<{ id: string; outputs: Values }> {
  const declared = inputs as unknown as VMInputs;
  const { owner, logicalName } = declared;
  const vmId = deriveVmId(owner, logicalName, (text) => createHash("sha256").update(text).digest());
  const wish = {
    vmId,
    owner,
    logicalName,
    inputs: declared,
    creating: true,
    contents: {},
    existingDisks: new Set<string>(),
  };
  const tell = (line: string): void => context.report.note(declared.name, line);
  const open = { install: "never", expectNodeId: declared.node, report: tell } as const;
  const { report, contents } = await withHost(context.hosts, declared.nodeConnection, open, async (session) => {
    const { isAdopted, ...gone } = await followOldTrace(context.hosts, session, wish);
    return putVm(session, { ...wish, ...gone }, context, () => reached(vmId, isAdopted));
  });
  return { id: vmId, outputs: { ...outputsOfVm(report, contents) } };
}

/** A host that once gave the VM away makes it anew only after its trace was followed and nobody has it. One that has it gives it. */
async function followOldTrace(
  hosts: HandlerContext["hosts"],
  session: HostSession,
  wish: { readonly vmId: string; readonly inputs: VMInputs },
): Promise<{ readonly isAdopted: boolean; readonly confirmedGoneFrom?: string }> {
  const { vmId, inputs } = wish;
  const answer = await askForVm(session, vmId);
  if (answer.found === "here") refuseRenamed(answer.report, inputs);
  if (answer.found !== "moved") return { isAdopted: answer.found === "here" };
  const found = await findVm(hosts, vmId, { nodeId: inputs.node, connection: inputs.nodeConnection });
  if (found === undefined) return { isAdopted: false, confirmedGoneFrom: answer.movedTo.nodeId };
  found.session.close();
  throw new LeeaError({
    code: "CONFLICT",
    message: `VM "${inputs.name}" of ${found.report.owner} exists already, on ${found.report.nodeId}`,
    hint: `Declare its node as ${found.report.nodeId} to adopt it; then change the node to move it.`,
    details: { owner: found.report.owner, nodeId: found.report.nodeId },
  });
}

/** Its logical name is free again for a program that renamed it; its id is not. */
function refuseRenamed(report: VmReport, inputs: VMInputs): void {
  if (report.owner !== inputs.owner || report.spec.name === inputs.name) return;
  throw new LeeaError({
    code: "CONFLICT",
    message: `VM "${inputs.name}" would be the one that ${report.owner} made under that name and calls "${report.spec.name}" now`,
    hint: `Declare its name as "${report.spec.name}" to adopt it, or give the new one another name.`,
    details: { vmId: report.vmId, name: report.spec.name },
  });
}

async function readVm(vmId: string, known: KnownState, context: HandlerContext): Promise<KnownState | undefined> {
  const { node, nodeConnection, name } = known.inputs as unknown as VMInputs;
  let found: FoundVm | undefined;
  try {
    found = await findVm(context.hosts, vmId, { nodeId: node, connection: nodeConnection });
  } catch (error) {
    if (!isSilence(error)) throw error;
    // Unreachable is not gone: the last state stays, and the other hosts go on.
    context.report.note(
      name,
      `its host does not answer, so its last known state is kept (${error.message.split("\n")[0]})`,
    );
    return asUnreachable(known);
  }
  if (found === undefined) return undefined;
  found.session.close();
  return {
    inputs: known.inputs,
    outputs: { ...outputsOfVm(found.report, knownContents(known.outputs, found.report)) },
  };
}

async function deleteVm(vmId: string, known: KnownState, context: HandlerContext): Promise<void> {
  const { node, nodeConnection, name, owner } = known.inputs as unknown as VMInputs;
  const found = await findVm(context.hosts, vmId, { nodeId: node, connection: nodeConnection });
  if (found === undefined) return;
  const { session, report } = found;
  try {
    await awaitWork(session, report, context);
    // A state without incarnation comes from a create that failed half-way: what is there is what it left.
    const incarnation = asNumber(known.outputs["incarnation"]) ?? report.incarnation;
    const operationId = await chooseOperationId(session, "delete", [vmId, incarnation]);
    const operation = await session.call("deleteVm", { params: { vmId }, body: { operationId, owner, incarnation } });
    await session.follow(operation, (progress) => context.report.progress(name, progress));
  } finally {
    session.close();
  }
}
