// One handler a peer verb. A peer is heard only for a move that this host was told to expect from it; what its records
// say of a VM, a host tells every member that it is linked to.

import { LeeaError } from "../../model/errors";
import type { AskVmRequest } from "../../protocol/peer";
import type { VerbName, VerbTypes } from "../../protocol/verbs";
import type { ExpectMoveRequest } from "../../protocol/vm";
import type { Agent } from "../agent";
import {
  abandonIncoming,
  announceIncoming,
  finishIncoming,
  settleIncoming,
  takeGrant,
} from "../migration/destination/incoming-move";
import { takeMoveTurn } from "../migration/destination/move-turns";
import { prepareIncoming } from "../migration/destination/prepare-destination";
import { readIncoming } from "../migration/destination/read-incoming";
import { noteHeard } from "../migration/destination/watch-silent-moves";
import { openStraight } from "../migration/straight/open-straight";
import type { PeerVerb } from "../peer/call-peer";
import type { PeerRequest } from "../peer/peer-server";
import { answerAsk } from "../vm/restart/ask-others";

/** Verbs of a move. */
type MoveVerb = Exclude<PeerVerb, "askVm">;

type Handlers = {
  readonly [V in MoveVerb]: (
    agent: Agent,
    move: ExpectMoveRequest,
    body: VerbTypes[V]["body"],
  ) => Promise<VerbTypes[V]["answer"]>;
};

const handlers: Handlers = {
  openStraight,
  prepareMove: prepareIncoming,
  announceMove: async (agent, move) => {
    announceIncoming(agent, move);
    return { announced: true };
  },
  readMove: readIncoming,
  settleDisks: async (agent, move) => {
    await settleIncoming(agent, move);
    return { settled: true };
  },
  grantMove: takeGrant,
  finishMove: async (agent, move, body) => {
    await finishIncoming(agent, move, body);
    return { finished: true };
  },
  abandonMove: abandonIncoming,
};

/** Answers a peer; verbs of one move take turns. Error: PEER_REFUSED. */
export async function answerPeer(agent: Agent, request: PeerRequest): Promise<unknown> {
  if (request.verb === "askVm") {
    const { callerFingerprint, body } = request;
    return answerAsk(agent, request.params["vmId"] ?? "", { callerFingerprint, ask: body as AskVmRequest });
  }
  if (!isMoveVerb(request.verb))
    throw new LeeaError({
      code: "PEER_REFUSED",
      message: "no such verb between agents",
      hint: "The agents differ in version.",
    });
  const move = agent.expected.demand(request.params["moveId"] ?? "", request.callerFingerprint);
  noteHeard(move.moveId);
  const handler = handlers[request.verb] as (agent: Agent, move: ExpectMoveRequest, body: unknown) => Promise<unknown>;
  return takeMoveTurn(move.moveId, () => handler(agent, move, request.body));
}

function isMoveVerb(verb: VerbName): verb is MoveVerb {
  return verb in handlers;
}
