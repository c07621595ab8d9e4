// Starts an agent that is installed, and waits until one answers. It never installs.

import { LeeaError } from "../../model/errors";
import type { Health } from "../../protocol/node";
import type { HostLink } from "../host-link";
import type { CommandResult } from "../ssh/run-command";
import { agentFunctions } from "./scripts/host-script-parts";

const startTimeoutMs = 60_000;
const healthDeadlineMs = 10_000;
const healthTimeoutMs = 3_000;

const startScript = String.raw`${agentFunctions}
take_lock
child=
if agent_pid >/dev/null; then wait_for_agent; else start_agent; fi
`;

/** Starts the installed agent where it is dead, and gives its health. AGENT_NOT_ANSWERING. */
export async function startAgent(link: HostLink): Promise<Health> {
  startedAgent(link, await link.runAsRoot({ script: startScript, timeoutMs: startTimeoutMs }));
  return waitForHealth(link);
}

/** Throws AGENT_NOT_ANSWERING, with what the host wrote, when a start script failed. */
export function startedAgent(link: HostLink, result: CommandResult): void {
  if (result.exitCode === 0) return;
  throw new LeeaError({
    code: "AGENT_NOT_ANSWERING",
    message: `Unable to start the agent on host "${link.label}": ${result.stderr.trim() || `its start script ended with exit code ${result.exitCode}`}`,
    hint: "Look at /var/lib/leea/agent.log on the host.",
    details: { exitCode: result.exitCode },
  });
}

/** The agent's health now; undefined when it does not answer. Errors of the way to the host are thrown. */
export async function askHealth(link: HostLink): Promise<Health | undefined> {
  await link.ssh();
  try {
    return await link.client.send("getHealth", { timeoutMs: healthTimeoutMs });
  } catch (error) {
    if (error instanceof LeeaError && (error.code === "AGENT_NOT_ANSWERING" || error.code === "TIMED_OUT"))
      return undefined;
    throw error;
  }
}

/** As `askHealth`; where sshd forbids to forward to the socket, the relaying command is found to work and kept. */
export async function askHealthEitherWay(link: HostLink): Promise<Health | undefined> {
  const health = await askHealth(link);
  if (health !== undefined || link.way === "command") return health;
  link.useWay("command");
  const relayed = await askHealth(link);
  if (relayed === undefined) link.useWay("socket");
  return relayed;
}

/** Waits until an agent answers, of that bundle where one is named. AGENT_NOT_ANSWERING after 10 s. */
export async function waitForHealth(link: HostLink, bundleHash?: string): Promise<Health> {
  const deadline = Date.now() + healthDeadlineMs;
  let health: Health | undefined;
  for (let pauseMs = 20; ; pauseMs = Math.min(pauseMs * 2, 500)) {
    health = pauseMs < 100 ? await askHealth(link) : await askHealthEitherWay(link);
    if (health !== undefined && (bundleHash === undefined || health.bundleHash === bundleHash)) return health;
    if (Date.now() + pauseMs > deadline) throw silentError(link, health, bundleHash);
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}

function silentError(link: HostLink, health: Health | undefined, wanted: string | undefined): LeeaError {
  const what = health === undefined ? "does not answer" : `says that it is bundle ${health.bundleHash}, not ${wanted}`;
  return new LeeaError({
    code: "AGENT_NOT_ANSWERING",
    message: `Unable to talk to the agent on host "${link.label}": it was started and ${what}, ${healthDeadlineMs / 1000} s later`,
    hint: "Look at /var/lib/leea/agent.log on the host.",
  });
}
