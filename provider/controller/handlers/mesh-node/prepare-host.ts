// Gets a host to the point at which it may join a mesh: packages there, nothing in the way, and not somebody else's.

import type { MeshNodeInputs } from "../../../../schema/generated/declared";
import { LeeaError } from "../../../model/errors";
import type { NodeReport } from "../../../protocol/node";
import type { HostSession } from "../../host-session";
import { chooseOperationId } from "../choose-operation-id";
import type { HandlerContext } from "../handler-context";

/** The host's report once it may join. PACKAGES_MISSING, NETWORK_CONFLICT, CONFLICT. */
export async function prepareHost(
  session: HostSession,
  inputs: MeshNodeInputs,
  context: HandlerContext,
): Promise<NodeReport> {
  const report = await session.call("getNode", {});
  refuseForeign(report, inputs);
  if (report.mesh === undefined) await refuseConflicts(session, inputs);
  else for (const { what, mend } of report.conflicts) context.report.note(inputs.name, `${what}: ${mend}`);
  return report.missingPackages.length === 0 ? report : installPackages(session, report, inputs, context);
}

/** Before anything is installed. A joiner is asked again by its own agent, with the ranges that its mesh really has. */
async function refuseConflicts(session: HostSession, inputs: MeshNodeInputs): Promise<void> {
  const { nodeRange, vmRange } = inputs.mesh;
  const { portBase = 51_820, portCount = 64 } = inputs.endpoint ?? {};
  const { conflicts } = await session.call("checkMesh", { body: { nodeRange, vmRange, portBase, portCount } });
  if (conflicts.length > 0) throw conflictError(inputs.name, conflicts);
}

function refuseForeign(report: NodeReport, inputs: MeshNodeInputs): void {
  if (report.mesh === undefined) return;
  const where = `Host "${inputs.name}" (${report.identity.nodeId})`;
  if (report.owner !== undefined && report.owner !== inputs.owner) {
    throw new LeeaError({
      code: "CONFLICT",
      message: `${where} is declared by ${report.owner} already`,
      hint: "Refer to it there by its id and connection, or destroy it there first.",
    });
  }
  if (report.mesh.name !== inputs.mesh.name) {
    throw new LeeaError({
      code: "CONFLICT",
      message: `${where} is in the mesh "${report.mesh.name}" already, and is declared for "${inputs.mesh.name}"`,
      hint: `Declare the mesh as "${report.mesh.name}", or destroy the host first.`,
    });
  }
}

async function installPackages(
  session: HostSession,
  report: NodeReport,
  inputs: MeshNodeInputs,
  context: HandlerContext,
): Promise<NodeReport> {
  if (!inputs.setup) throw missingError(inputs.name, report);
  const packages = listPackages(report);
  context.report.note(inputs.name, `installs ${packages.join(", ")}`);
  const operationId = await chooseOperationId(session, "setup", packages);
  const operation = await session.call("setUpNode", { body: { operationId } });
  await session.follow(operation, (progress) => context.report.progress(inputs.name, progress));
  const after = await session.call("getNode", {});
  if (after.missingPackages.length > 0) throw missingError(inputs.name, after);
  return after;
}

function missingError(name: string, report: NodeReport): LeeaError {
  const needs = report.missingPackages.map((missing) => `${missing.program} (for ${missing.neededFor})`);
  return new LeeaError({
    code: "PACKAGES_MISSING",
    message: `Host "${name}" lacks ${needs.join(", ")}`,
    hint: `Run on it as root: ${installLine(report)}`,
    details: { packages: listPackages(report) },
  });
}

/** One line for the host's own package manager. */
function installLine(report: NodeReport): string {
  const packages = listPackages(report).join(" ");
  return /mac|darwin/i.test(report.os)
    ? `brew install ${packages}`
    : `apt-get install --no-install-recommends -y ${packages}`;
}

function listPackages(report: NodeReport): string[] {
  return [...new Set(report.missingPackages.map((missing) => missing.package))].sort();
}

function conflictError(name: string, conflicts: NodeReport["conflicts"]): LeeaError {
  const list = conflicts.map(({ what, mend }) => `  ${what}: ${mend}`);
  return new LeeaError({
    code: "NETWORK_CONFLICT",
    message: `Host "${name}" cannot join the mesh:\n${list.join("\n")}`,
    hint: "Do what is named behind each of them, and run again; nothing was changed.",
    details: { conflicts },
  });
}
