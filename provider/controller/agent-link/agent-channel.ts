// A byte channel to the agent's socket: forwarded by sshd for root, else relayed by the agent's own `connect` command,
// which sudo starts. No user's word is in the command line.

import type { Duplex } from "node:stream";
import { LeeaError } from "../../model/errors";
import type { SshConnection } from "../ssh/ssh-connection";

/** `socket`: sshd forwards to the unix socket. `command`: a command on the host relays its standard streams. */
export type AgentWay = "socket" | "command";

/** The agent's socket on every host. */
export const agentSocket = "/run/leea/agent.sock";
/** The agent's program on every host; the one path that a sudoers line needs to allow once the agent is installed. */
export const agentProgram = "/opt/leea/current/leea-agent";

/** Opens a channel. Rejects, or breaks off at the first byte, where no agent listens. */
export async function openAgentChannel(connection: SshConnection, way: AgentWay, sudo: boolean): Promise<Duplex> {
  if (way === "socket") return connection.openUnixSocket(agentSocket);
  const relay = { stderr: "", onFailure: (_error: LeeaError): void => undefined };
  const channel = await connection.openCommand(`${sudo ? "sudo -n " : ""}${agentProgram} connect`, (exitCode) => {
    if (exitCode !== 0) relay.onFailure(relayError(connection.label, exitCode, relay.stderr));
  });
  channel.stderr.on("data", (chunk: Buffer) => {
    if (relay.stderr.length < 2048) relay.stderr += chunk.toString("utf8");
  });
  channel.on("error", () => undefined); // http listens too, but not yet at this point
  relay.onFailure = (error) => void channel.emit("error", error);
  return channel;
}

function relayError(label: string, exitCode: number | null, stderr: string): LeeaError {
  return new LeeaError({
    code: "AGENT_NOT_ANSWERING",
    message: `Unable to talk to the agent on host "${label}": ${stderr.trim().split("\n").at(-1) || `the relay ended with exit code ${exitCode}`}`,
    hint: "Look at /var/lib/leea/agent.log on the host.",
    details: { exitCode, stderr },
  });
}
