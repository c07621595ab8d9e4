// A login that may not become root, with the line that mends it.

import { LeeaError } from "../model/errors";
import { agentProgram } from "./agent-link/agent-channel";

/** SUDO_FAILED for a login. `stderr` is sudo's own word. */
export function sudoError(label: string, user: string, stderr: string): LeeaError {
  const line = `${user} ALL=(root) NOPASSWD: ALL`;
  return new LeeaError({
    code: "SUDO_FAILED",
    message: `Unable to become root on host "${label}": sudo -n says: ${stderr.trim() || "nothing"}`,
    hint: `On the host, add this line with \`visudo -f /etc/sudoers.d/leea\`: ${line} . Once the agent is installed and runs, this one is enough: ${user} ALL=(root) NOPASSWD: ${agentProgram} connect`,
    details: { user, sudoersLine: line, stderr },
  });
}
