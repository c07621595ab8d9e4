// Asks every host at once what it is and what VMs it has. A host that does not answer is noted with the reason, and
// stops no other; a VM that went to a host that nobody named is followed there.

import { type AttachedHost, openHost } from "../../controller/host-session";
import { labelHop } from "../../controller/ssh/route";
import type { Connection } from "../../model/connection";
import { isLeeaError } from "../../model/errors";
import type { NodeReport } from "../../protocol/node";
import type { Operation } from "../../protocol/operation";
import type { MovedVm, VmReport } from "../../protocol/vm";
import type { HostWay } from "./stack-export";

/** A host that answered. `operations` by id: those that change its VMs now. */
export interface AnsweringHost {
  readonly answers: true;
  readonly label: string;
  readonly connection: Connection;
  readonly session: AttachedHost;
  readonly node: NodeReport;
  readonly vms: readonly VmReport[];
  readonly moved: readonly MovedVm[];
  readonly operations: ReadonlyMap<string, Operation>;
}

/** A host that did not. `reason` is one line, `hint` the next step. */
export interface SilentHost {
  readonly answers: false;
  readonly label: string;
  readonly connection: Connection;
  readonly reason: string;
  readonly hint?: string;
  readonly code: string;
  readonly name?: string;
  readonly expectNodeId?: string;
}

/** What was heard of one host. */
export type HostSurvey = AnsweringHost | SilentHost;

const maxFollowed = 16;

/** Surveys the hosts, each in the order it was given; followed ones come last. `closeSurveys` gives the sessions back. */
export async function surveyHosts(ways: readonly HostWay[]): Promise<HostSurvey[]> {
  const surveys = await Promise.all(ways.map(surveyHost));
  for (let count = 0; count < maxFollowed; count += 1) {
    const next = findUnnamed(surveys);
    if (next === undefined) return surveys;
    surveys.push(await surveyHost(next));
  }
  return surveys;
}

/** Asks the hosts again over the sessions that there are; a silent one is opened anew. */
export function surveyAgain(surveys: readonly HostSurvey[]): Promise<HostSurvey[]> {
  return Promise.all(
    surveys.map((survey) => (survey.answers ? attempt(survey, () => ask(survey)) : surveyHost(survey))),
  );
}

/** Gives all sessions back. */
export function closeSurveys(surveys: readonly HostSurvey[]): void {
  for (const survey of surveys) if (survey.answers) survey.session.close();
}

function surveyHost(way: HostWay): Promise<HostSurvey> {
  return attempt({ label: labelHop(way.connection), ...way }, async () => {
    const { connection, expectNodeId } = way;
    const expected = expectNodeId === undefined ? {} : { expectNodeId };
    const session = await openHost(connection, { install: "never", ...expected });
    try {
      return await ask({ connection, session });
    } catch (error) {
      session.close();
      throw error;
    }
  });
}

async function ask({ connection, session }: Pick<AnsweringHost, "connection" | "session">): Promise<AnsweringHost> {
  const [node, { vms, moved = [] }] = await Promise.all([session.call("getNode", {}), session.call("listVms", {})]);
  const ids = vms.flatMap(({ operationId }) => (operationId === undefined ? [] : [operationId]));
  const operations = await Promise.all(ids.map((operationId) => findOperation(session, operationId)));
  return {
    answers: true,
    label: session.hostLabel,
    connection,
    session,
    node,
    vms,
    moved,
    operations: new Map(operations.flatMap((each) => (each === undefined ? [] : [[each.operationId, each]]))),
  };
}

/** It may have ended and been forgotten since the VM was reported. */
async function findOperation(session: AttachedHost, operationId: string): Promise<Operation | undefined> {
  try {
    return await session.call("getOperation", { params: { operationId } });
  } catch (error) {
    if (isLeeaError(error, "NOT_FOUND")) return undefined;
    throw error;
  }
}

async function attempt(
  host: Pick<HostSurvey, "connection" | "label"> & Partial<Pick<SilentHost, "name" | "expectNodeId">>,
  act: () => Promise<AnsweringHost>,
): Promise<HostSurvey> {
  try {
    return await act();
  } catch (error) {
    const { label, connection, name, expectNodeId } = host;
    const reason = (error instanceof Error ? error.message : String(error)).split("\n")[0] ?? "";
    const leea = isLeeaError(error) ? error : undefined;
    return {
      answers: false,
      label,
      connection,
      reason,
      code: leea?.code ?? "INTERNAL",
      ...(leea?.hint === undefined ? {} : { hint: leea.hint }),
      ...(name === undefined ? {} : { name }),
      ...(expectNodeId === undefined ? {} : { expectNodeId }),
    };
  }
}

/** A host that a VM went to, that no survey covers, and that nobody else has the VM instead of. */
function findUnnamed(surveys: readonly HostSurvey[]): HostWay | undefined {
  const covered = new Set(
    surveys.flatMap((survey) => (survey.answers ? [survey.node.identity.nodeId] : (survey.expectNodeId ?? []))),
  );
  const present = new Set(surveys.flatMap((survey) => (survey.answers ? survey.vms.map(({ vmId }) => vmId) : [])));
  for (const survey of surveys) {
    for (const { vmId, movedTo } of survey.answers ? survey.moved : []) {
      const connection = movedTo.connection as Connection | undefined;
      if (present.has(vmId) || covered.has(movedTo.nodeId) || typeof connection?.host !== "string") continue;
      return { connection, expectNodeId: movedTo.nodeId };
    }
  }
  return undefined;
}
