// The client's side of a console: an HTTP upgrade over the agent's transport, and then the guest's bytes. It keeps
// nothing and interprets nothing.

import { type Agent, request } from "node:http";
import type { Duplex, Readable } from "node:stream";
import { LeeaError } from "../../model/errors";
import { consoleProtocol, takeHeader } from "../../protocol/console";
import { verbPath } from "../../protocol/match-verb";

/** Whose console. `take` sends away whoever has it. `label` names the host in messages. */
export interface ConsoleWish {
  readonly vmId: string;
  readonly take: boolean;
  readonly label: string;
}

/** What the agent answered instead of a console. */
export interface RefusedUpgrade {
  readonly status: number;
  readonly body: Readable;
}

const answerTimeoutMs = 20_000;

/** The console's stream, or the refusal. AGENT_NOT_ANSWERING where no answer came. */
export function openConsoleChannel(transport: Agent, wish: ConsoleWish): Promise<Duplex | RefusedUpgrade> {
  return new Promise((resolve, reject) => {
    const call = request({
      agent: transport,
      host: "agent",
      path: verbPath("openConsole", { vmId: wish.vmId }),
      headers: { connection: "Upgrade", upgrade: consoleProtocol, ...(wish.take ? { [takeHeader]: "yes" } : {}) },
    });
    const timer = setTimeout(
      () => call.destroy(new Error(`no answer within ${answerTimeoutMs / 1000} s`)),
      answerTimeoutMs,
    );
    call.on("upgrade", (_response, stream: Duplex, head: Buffer) => {
      clearTimeout(timer);
      if (head.length > 0) stream.unshift(head);
      resolve(stream);
    });
    call.on("response", (response) => {
      clearTimeout(timer);
      resolve({ status: response.statusCode ?? 0, body: response });
    });
    call.on("error", (cause) => {
      clearTimeout(timer);
      reject(cause instanceof LeeaError ? cause : noAnswer(wish.label, cause));
    });
    call.end();
  });
}

function noAnswer(label: string, cause: Error): LeeaError {
  return new LeeaError({
    code: "AGENT_NOT_ANSWERING",
    message: `Unable to open a console on host "${label}": ${cause.message}`,
    hint: "Look at /var/lib/leea/agent.log on the host.",
    cause,
  });
}
