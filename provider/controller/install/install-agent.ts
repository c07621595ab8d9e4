// Puts the carried agent on a host beside whatever is there, switches to it, and switches back when it does not answer.
// It must never signal anything but the agent.

import { LeeaError } from "../../model/errors";
import type { Health } from "../../protocol/node";
import type { HostLink } from "../host-link";
import type { CommandResult } from "../ssh/run-command";
import { bundledAgentHash, bundledAgentPath, bundleFolder } from "./agent-bundle";
import { chooseRuntime, hashFile } from "./choose-runtime";
import { ensureWireguard } from "./ensure-wireguard";
import type { HostProbe } from "./probe-host";
import { agentFunctions } from "./scripts/host-script-parts";
import { bootFunctions } from "./scripts/start-at-boot";
import { startedAgent, waitForHealth } from "./start-agent";
import { uploadFile } from "./upload-file";

const switchTimeoutMs = 90_000;

// $1: folder of the new bundle, $2: path of its runtime. Prints what was current before, once it no longer is. 69: the runtime
// that was sent does not run. 70: a VM moves.
const switchScript = String.raw`${agentFunctions}${bootFunctions}
take_lock
previous=$(current_folder)
if [ "$previous" = "$1" ] && agent_pid >/dev/null && [ -S "$socket" ]; then echo "switched $previous"; exit 0; fi
case $2 in "$root"/*) "$2" -e 0 || exit 69 ;; esac
# Asked here, under the lock and in the last moment: a move may have begun since the program looked.
if agent_pid >/dev/null && moves=$(list_moves) && [ -n "$moves" ]; then echo "$moves" >&2; exit 70; fi
printf '#!/bin/sh\nexec "%s" "%s" "$@"\n' "$2" "$root/$1/agent.cjs" >"$root/$1/leea-agent.$$" || exit 1
chmod 755 "$root/$1/leea-agent.$$" && mv -f "$root/$1/leea-agent.$$" "$root/$1/leea-agent" || exit 1
switch_to "$1" || exit 1
echo "switched $previous"
stop_agent
start_at_boot
start_agent
`;

// $1: folder to go back to, or nothing; $2: folder of the agent that failed.
const switchBackScript = String.raw`${agentFunctions}${bootFunctions}
take_lock
[ "$(current_folder)" = "$2" ] || exit 0
stop_agent
if [ -n "$1" ] && [ -x "$root/$1/leea-agent" ]; then
  switch_to "$1" && start_agent
  exit
fi
if has_systemd && [ -e "$unit" ]; then systemctl disable --quiet leea-agent; rm -f "$unit"; systemctl daemon-reload; fi
forget_at_boot
rm -f "$root/current"
`;

// $1, $2: folders that stay, the new one and the one before it.
const tidyScript = String.raw`${agentFunctions}
take_lock
for folder in "$root"/*; do
  name=$(basename "$folder")
  case $name in "$1" | "$2" | current | bin | *[!0-9a-f]*) continue ;; esac
  if [ -f "$folder/agent.cjs" ]; then rm -rf "$folder"; fi
done
`;

/** Installs the carried agent and gives its health. COMMAND_FAILED, RUNTIME_MISSING, AGENT_NOT_ANSWERING. */
export async function installAgent(link: HostLink, probe: HostProbe, report: (line: string) => void): Promise<Health> {
  const hash = bundledAgentHash();
  const folder = bundleFolder(hash);
  const runtime = await placeRuntime(link, probe, folder, report);
  report(`installing agent ${folder} on ${link.label}`);
  if (!probe.hasBundle)
    await uploadFile(link, {
      source: bundledAgentPath(),
      destination: `/opt/leea/${folder}/agent.cjs`,
      hash,
      mode: "644",
    });
  await ensureWireguard(link, report);
  const switched = await link.runAsRoot({ script: switchScript, args: [folder, runtime], timeoutMs: switchTimeoutMs });
  if (switched.exitCode === 69) throw runtimeError(link, runtime, switched.stderr);
  if (switched.exitCode === 70) throw movingError(link, switched.stderr.trim().split("\n").length);
  if (!switched.stdout.startsWith("switched")) throw switchError(link, switched);
  const previous = switched.stdout.slice("switched".length).trim();
  try {
    startedAgent(link, switched);
    const health = await waitForHealth(link, hash);
    if (previous !== "" && previous !== folder)
      await link.runAsRoot({ script: tidyScript, args: [folder, previous], timeoutMs: switchTimeoutMs });
    return health;
  } catch (cause) {
    throw await switchBack(link, { folder, previous }, cause);
  }
}

function runtimeError(link: HostLink, runtime: string, stderr: string): LeeaError {
  return new LeeaError({
    code: "RUNTIME_MISSING",
    message: `Unable to run the agent on host "${link.label}": the Node that was sent there (${runtime}) does not run: ${stderr.trim()}`,
    hint: "Install Node 20 or newer on the host.",
  });
}

function switchError(link: HostLink, result: CommandResult): LeeaError {
  return new LeeaError({
    code: "COMMAND_FAILED",
    message: `Unable to switch to the new agent on host "${link.label}": ${result.stderr.trim()}`,
    hint: "Check that /opt and /run on the host can be written and that no other installation runs there.",
  });
}

async function placeRuntime(
  link: HostLink,
  probe: HostProbe,
  folder: string,
  report: (line: string) => void,
): Promise<string> {
  const runtime = chooseRuntime(link.label, probe);
  if (runtime.kind === "host") return keepRuntime(link, runtime.path, folder);
  report(`uploading a Node runtime to ${link.label}`);
  const destination = `/opt/leea/${folder}/node`;
  await uploadFile(link, { source: runtime.path, destination, hash: await hashFile(runtime.path), mode: "755" });
  return destination;
}

// A runtime that we sent with an earlier bundle goes when that bundle goes: the new folder gets a link to the same file.
async function keepRuntime(link: HostLink, path: string, folder: string): Promise<string> {
  if (!path.startsWith("/opt/leea/")) return path;
  const destination = `/opt/leea/${folder}/node`;
  const script = `[ "$1" -ef "$2" ] && exit; mkdir -p "$(dirname "$2")" && ln -f "$1" "$2"`;
  const linked = await link.runAsRoot({ script, args: [path, destination], timeoutMs: switchTimeoutMs });
  return linked.exitCode === 0 ? destination : path;
}

async function switchBack(
  link: HostLink,
  step: { folder: string; previous: string },
  cause: unknown,
): Promise<LeeaError> {
  const previous = step.previous === step.folder ? "" : step.previous;
  const back = await link.runAsRoot({
    script: switchBackScript,
    args: [previous, step.folder],
    timeoutMs: switchTimeoutMs,
  });
  const outcome =
    previous === ""
      ? "it was removed again"
      : back.exitCode === 0
        ? `the agent before it (${previous}) runs again`
        : `and the agent before it (${previous}) does not start either`;
  return new LeeaError({
    code: "AGENT_NOT_ANSWERING",
    message: `Unable to install agent ${step.folder} on host "${link.label}": it was started and does not answer; ${outcome}`,
    hint: "The cause below and /var/lib/leea/agent.log on the host say why. VMs on the host were not touched.",
    details: { folder: step.folder, previous },
    cause,
  });
}

/** NOT_ALLOWED_NOW with the number of moves: an agent is not replaced under one, which would break off for nothing. */
export function movingError(link: HostLink, movesRunning: number): LeeaError {
  return new LeeaError({
    code: "NOT_ALLOWED_NOW",
    message: `Unable to upgrade the agent on host "${link.label}": ${movesRunning} move(s) of VMs are under way`,
    hint: "Run again when they have ended.",
    details: { movesRunning },
  });
}
