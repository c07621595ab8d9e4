// The MeshNode resource, as both front doors drive it. Nothing in its diff ever replaces it.

import type { MeshNodeInputs } from "../../../schema/generated/declared";
import { meshNode } from "../../../schema/mesh-node";
import { inputError, isLeeaError, LeeaError } from "../../model/errors";
import { checkMeshNode } from "../../model/inputs/check-mesh-node";
import { asText } from "../../model/inputs/loose-values";
import type { HostSession } from "../host-session";
import { forgetStep } from "../install/identity-error";
import {
  type CheckResult,
  type DiffResult,
  type HandlerContext,
  type KnownState,
  type Reached,
  type ResourceHandler,
  type Values,
  withHost,
} from "./handler-context";
import { isSilence } from "./is-silence";
import { joinMesh } from "./mesh-node/join-mesh";
import { leaveMesh, removePeersEnds } from "./mesh-node/leave-mesh";
import { lookUpNode } from "./mesh-node/look-up-node";
import { outputsOfNode } from "./mesh-node/node-outputs";
import { prepareHost } from "./mesh-node/prepare-host";
import { findNodeChanges, updateNode } from "./mesh-node/update-node";
import { validateInputs } from "./validate-inputs";

/** The handler of MeshNodes. Its id is the node id. */
export const meshNodeHandler: ResourceHandler = {
  definition: meshNode,
  check: (declared) => Promise.resolve(checkInputs(declared)),
  diff: (_nodeId, known, inputs, context) => Promise.resolve(diffNode(known, inputs, context)),
  create: createNode,
  read: readNode,
  update: updateNode,
  find: lookUpNode,
  delete: deleteNode,
};

function checkInputs(declared: Values): CheckResult {
  const { values, problems } = validateInputs(meshNode, declared);
  return { inputs: values, problems: [...problems, ...checkMeshNode(values)] };
}

function diffNode(known: KnownState, inputs: Values, context: HandlerContext): DiffResult {
  const name = asText(inputs["name"]) ?? "host";
  const plan = findNodeChanges(known, inputs, context);
  if (plan.problems.length > 0) throw inputError(`Host "${name}"`, plan.problems);
  const reasons = plan.changes.filter(({ change }) => change !== "create-only").map(({ reason }) => reason);
  const notes = plan.warnings.map((warning) => `${name}: ${warning}`);
  const lines = plan.verdict === "none" ? notes : [`${name}: is updated, because ${reasons.join(", ")}`, ...notes];
  return { hasChanges: plan.verdict !== "none", replaces: [], lines };
}

async function createNode(
  inputs: Values,
  context: HandlerContext,
  reached: Reached,
): Promise<{ id: string; outputs: Values }> {
  const declared = inputs as unknown as MeshNodeInputs;
  const open = { install: "upgrade", report: (line: string) => context.report.note(declared.name, line) } as const;
  let isRefused = false;
  try {
    return await withHost(context.hosts, declared.connection, open, async (session) => {
      const { identity, mesh } = await session.call("getNode", {});
      const { nodeId } = identity;
      try {
        await prepareHost(session, declared, context);
        const report = await joinMesh(session, declared, context);
        if (mesh !== undefined) reached(nodeId, true);
        return { id: nodeId, outputs: { ...outputsOfNode(report) } };
      } catch (error) {
        const left = await describeLeft(session, declared.owner);
        // What the host holds of this stack must be found again although the rest failed.
        if (left === "ours") reached(nodeId, mesh !== undefined);
        isRefused = left === "nothing";
        throw error;
      }
    });
  } catch (error) {
    // A host that was refused is as it was before.
    if (isRefused) await context.hosts.removeAgent(declared.connection);
    throw error;
  }
}

/** What a create that failed left on the host. One that does not answer any more may hold all of it. */
async function describeLeft(session: HostSession, owner: string): Promise<"nothing" | "ours" | "others"> {
  try {
    const report = await session.call("getNode", {});
    if (report.owner !== undefined && report.owner !== owner) return "others";
    return report.mesh === undefined && report.installedBySetup.length === 0 ? "nothing" : "ours";
  } catch (error) {
    if (isLeeaError(error)) return "ours";
    throw error;
  }
}

async function readNode(nodeId: string, known: KnownState, context: HandlerContext): Promise<KnownState | undefined> {
  const { connection, name } = known.inputs as unknown as MeshNodeInputs;
  try {
    const report = await withHost(context.hosts, connection, { install: "never", expectNodeId: nodeId }, (session) =>
      session.call("getNode", {}),
    );
    // In no mesh, it is kept all the same: a delete that was broken off has still to take the agent away.
    return { inputs: known.inputs, outputs: { ...outputsOfNode(report) } };
  } catch (error) {
    if (!isSilence(error)) throw error;
    context.report.note(name, `does not answer, so its last known state is kept (${error.message.split("\n")[0]})`);
    return { inputs: known.inputs, outputs: { ...known.outputs, state: "unreachable" } };
  }
}

async function deleteNode(nodeId: string, known: KnownState, context: HandlerContext): Promise<void> {
  const declared = known.inputs as unknown as MeshNodeInputs;
  const { connection, name } = declared;
  await withHost(context.hosts, connection, { install: "if-missing" }, async (session) => {
    const report = await session.call("getNode", {});
    // A host that died in its leaving is in no mesh any more, and may still hold its network and its storage.
    const holdsSomething = report.mesh !== undefined || report.owner !== undefined;
    if (report.identity.nodeId === nodeId && holdsSomething) await leaveMesh(session, declared, context);
    // Keys that were made just now mean that a first attempt removed the agent already.
    if (report.identity.nodeId !== nodeId && report.mesh !== undefined)
      throw changedError(name, nodeId, report.identity.nodeId);
  }).catch((error: unknown) => {
    throw isLeeaError(error, "HOST_UNREACHABLE") ? unreachableError(name, nodeId, error) : error;
  });
  // Also where the host had left already: an earlier attempt may have died between the two.
  await removePeersEnds(nodeId, declared, context);
  await context.hosts.removeAgent(connection);
}

function changedError(name: string, nodeId: string, found: string): LeeaError {
  return new LeeaError({
    code: "IDENTITY_CHANGED",
    message: `Unable to delete host "${name}": ${found} answers where ${nodeId} was`,
    hint: `If the machine was replaced: ${forgetStep(nodeId)}`,
  });
}

function unreachableError(name: string, nodeId: string, cause: LeeaError): LeeaError {
  return new LeeaError({
    code: "HOST_UNREACHABLE",
    message: `Unable to delete host "${name}", because it does not answer`,
    hint: `Bring it back and run again; if it is gone for good: ${forgetStep(nodeId)}`,
    cause,
  });
}
