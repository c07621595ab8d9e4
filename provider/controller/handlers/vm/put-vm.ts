// Makes a VM on one host what is declared: brings the files, asks the host whether it can, hands it the work, follows
// it and reads back. Every step is "ensure": a second run picks up where the first one stopped.

import type { VMInputs } from "../../../../schema/generated/declared";
import { LeeaError } from "../../../model/errors";
import { specOfVm } from "../../../model/inputs/vm-spec-of";
import type { PutVmRequest, VmReport } from "../../../protocol/vm";
import type { HostSession } from "../../host-session";
import { chooseOperationId } from "../choose-operation-id";
import type { HandlerContext } from "../handler-context";
import { type LocalFile, listBootFiles, listImages } from "./local-files";

/** What is to be made, and for whom. `owner` and `logicalName` are those of its birth. */
export interface PutVmWish {
  readonly vmId: string;
  readonly owner: string;
  readonly logicalName: string;
  readonly inputs: VMInputs;
  readonly creating: boolean;
  /** Contents of what exists already, so that its files need not be on this machine any more. */
  readonly contents: Readonly<Record<string, string>>;
  /** Names of the disks that exist already. */
  readonly existingDisks: ReadonlySet<string>;
  /** Node id of the host that the VM once moved to, where its trace was followed to its end and nobody has it. */
  readonly confirmedGoneFrom?: string;
}

/** The VM as its host reports it afterwards, and what its files hold. */
export interface PutVmResult {
  readonly report: VmReport;
  readonly contents: Readonly<Record<string, string>>;
}

/** Makes or changes the VM. `accepted` is called once the host has taken the work. PREFLIGHT_FAILED, START_FAILED, CONFLICT. */
export async function putVm(
  session: HostSession,
  wish: PutVmWish,
  context: HandlerContext,
  accepted: () => void,
): Promise<PutVmResult> {
  const { vmId, inputs } = wish;
  const contents = await bringFiles(session, wish, context);
  const request = await requestOf(session, wish, contents);
  const params = { vmId };
  const { reasons } = await session.call("checkVm", { params, body: request });
  if (reasons.length > 0) throw refusedVm(inputs.name, session.hostLabel, reasons);
  const operation = await session.call("putVm", { params, body: request });
  accepted();
  await session.follow(operation, (progress) => context.report.progress(inputs.name, progress));
  return { report: await readBack(session, wish), contents };
}

async function requestOf(
  session: HostSession,
  wish: PutVmWish,
  contents: Readonly<Record<string, string>>,
): Promise<PutVmRequest> {
  const { vmId, owner, logicalName, inputs, creating } = wish;
  const spec = specOfVm(inputs, contents);
  const operationId = await chooseOperationId(session, "put", [vmId, spec, creating, inputs.allowDataLoss]);
  const gone = wish.confirmedGoneFrom === undefined ? {} : { confirmedGoneFrom: wish.confirmedGoneFrom };
  return { operationId, owner, logicalName, spec, creating, allowDataLoss: inputs.allowDataLoss, ...gone };
}

/** Uploads what the host lacks. A boot file that is gone from this machine keeps its known content, if the host has it. */
async function bringFiles(
  session: HostSession,
  wish: PutVmWish,
  context: HandlerContext,
): Promise<Record<string, string>> {
  const { inputs, existingDisks } = wish;
  const contents: Record<string, string> = {};
  for (const disk of inputs.disks) {
    const key = `disks.${disk.name}.image`;
    const known = wish.contents[key];
    if (existingDisks.has(disk.name) && known !== undefined) contents[key] = known;
  }
  for (const file of [
    ...listBootFiles(inputs, context.programFolder),
    ...listImages(inputs, context.programFolder, existingDisks),
  ]) {
    contents[file.key] = await bringFile(session, file, wish, context);
  }
  return contents;
}

async function bringFile(
  session: HostSession,
  file: LocalFile,
  wish: PutVmWish,
  context: HandlerContext,
): Promise<string> {
  try {
    return await session.uploadImage(file.path, (progress) => context.report.progress(wish.inputs.name, progress));
  } catch (error) {
    const known = wish.contents[file.key];
    // A later run from another machine need not have the files of the first one.
    if (known !== undefined && (await session.call("hasImage", { params: { hash: known } })).present) return known;
    throw error;
  }
}

/** Success is what the host reports, never what was asked. */
async function readBack(session: HostSession, wish: PutVmWish): Promise<VmReport> {
  const answer = await session.call("getVm", { params: { vmId: wish.vmId } });
  const wanted = wish.inputs.powerState;
  if (answer.found === "here" && answer.report.state === wanted) return answer.report;
  const found = answer.found === "here" ? `it is ${answer.report.state}` : `the host answers "${answer.found}"`;
  throw new LeeaError({
    code: "START_FAILED",
    message: `VM "${wish.inputs.name}" was to be ${wanted} on ${session.hostLabel}, and ${found}`,
    hint: "Look at the VM's console log on the host, and run again.",
  });
}

function refusedVm(name: string, hostLabel: string, reasons: readonly string[]): LeeaError {
  const list = reasons.map((reason) => `  ${reason}`).join("\n");
  return new LeeaError({
    code: "PREFLIGHT_FAILED",
    message: `VM "${name}" cannot run on host ${hostLabel}:\n${list}`,
    hint: "Mend what is named above, or declare another node, and run again; nothing was changed.",
    details: { reasons },
  });
}
