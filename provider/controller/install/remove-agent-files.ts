// Ends the agent of a host and removes its files. It refuses while disks of VMs lie there; what the agent made outside
// its folders is the business of the verb leaveNode, which comes first.

import { LeeaError } from "../../model/errors";
import type { HostLink } from "../host-link";
import { agentFunctions } from "./scripts/host-script-parts";
import { bootFunctions } from "./scripts/start-at-boot";

const removeTimeoutMs = 120_000;
const inUseExitCode = 73;

const removeScript = String.raw`${agentFunctions}${bootFunctions}
take_lock
left=
for folder in /var/lib/leea/vm/*; do
  if [ -e "$folder" ]; then basename "$folder"; left=yes; fi
done
if [ -n "$left" ]; then exit ${inUseExitCode}; fi
if has_systemd && [ -e "$unit" ]; then
  systemctl disable --quiet --now leea-agent
  rm -f "$unit"
  systemctl daemon-reload
fi
forget_at_boot
stop_agent
rm -rf /opt/leea /var/lib/leea /run/leea /run/leea-install.lock
rmdir /run/leea-vm 2>/dev/null || :
`;

/** Stops and removes the agent. IN_USE, with the VMs, while any is on the host. */
export async function removeAgentFiles(link: HostLink): Promise<void> {
  const result = await link.runAsRoot({ script: removeScript, timeoutMs: removeTimeoutMs });
  if (result.exitCode === 0) return;
  const vmIds = result.stdout.split("\n").filter((line) => line !== "");
  if (result.exitCode === inUseExitCode) {
    throw new LeeaError({
      code: "IN_USE",
      message: `Unable to remove the agent from host "${link.label}": VMs are on it (${vmIds.join(", ")})`,
      hint: "Move or delete them first.",
      details: { vmIds },
    });
  }
  throw new LeeaError({
    code: "COMMAND_FAILED",
    message: `Unable to remove the agent from host "${link.label}": ${result.stderr.trim() || `exit code ${result.exitCode}`}`,
    hint: "Check that /opt, /run and /var on the host can be written.",
    details: { exitCode: result.exitCode },
  });
}
