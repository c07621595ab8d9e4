// Everything that an installation must know of a host, asked in one command. It changes nothing there.

import { LeeaError } from "../../model/errors";
import type { HostLink } from "../host-link";
import { agentFunctions } from "./scripts/host-script-parts";

/** What was found. Absent: there is none. */
export interface HostProbe {
  readonly os: string;
  readonly arch: string;
  /** A Node of version 20 or newer on the host. */
  readonly node: string | undefined;
  /** Folder below /opt/leea that `current` leads to. */
  readonly currentFolder: string | undefined;
  /** Pid of a living agent, whether it answers or not. */
  readonly agentPid: number | undefined;
  /** True when the wanted bundle lies there undamaged. */
  readonly hasBundle: boolean;
  /** True when an identity of a node lies there. */
  readonly hasIdentity: boolean;
}

const probeTimeoutMs = 20_000;

// $1: folder of the wanted bundle, $2: its SHA-256.
const probeScript = String.raw`${agentFunctions}
echo "os $(uname -s)"
echo "arch $(uname -m)"
for node in "$(command -v node)" /usr/bin/node /usr/local/bin/node "$root/current/node"; do
  [ -x "$node" ] || continue
  found=$("$node" -p 'Number(process.versions.node.split(".")[0]) >= 20 ? process.execPath : ""' 2>/dev/null) || continue
  if [ -n "$found" ]; then echo "node $found"; break; fi
done
if [ -x "$root/current/leea-agent" ]; then echo "current $(current_folder)"; fi
if pid=$(agent_pid); then echo "agent $pid"; fi
if [ -f /var/lib/leea/keys/identity.pem ]; then echo "keys yes"; fi
if [ -f "$root/$1/agent.cjs" ] && echo "$2  $root/$1/agent.cjs" | sha256sum -c >/dev/null 2>&1; then echo "bundle yes"; fi
exit 0
`;

/** Asks the host. `folder` and `hash` name the wanted bundle. SUDO_FAILED, COMMAND_FAILED. */
export async function probeHost(
  link: HostLink,
  wanted: { readonly folder: string; readonly hash: string },
): Promise<HostProbe> {
  const result = await link.runAsRoot({
    script: probeScript,
    args: [wanted.folder, wanted.hash],
    timeoutMs: probeTimeoutMs,
  });
  const found = new Map(
    result.stdout.split("\n").map((line) => [line.split(" ", 1)[0] ?? "", line.slice(line.indexOf(" ") + 1)]),
  );
  const os = found.get("os");
  if (os !== "Linux") throw osError(link, os);
  const pid = found.get("agent");
  return {
    os,
    arch: found.get("arch") ?? "",
    node: found.get("node"),
    currentFolder: found.get("current"),
    agentPid: pid === undefined ? undefined : Number(pid),
    hasBundle: found.has("bundle"),
    hasIdentity: found.has("keys"),
  };
}

function osError(link: HostLink, os: string | undefined): LeeaError {
  return new LeeaError({
    code: "PREFLIGHT_FAILED",
    message: `Unable to use host "${link.label}": it runs ${os ?? "an unknown system"}, and the agent needs Linux`,
    hint: "Choose a Linux host.",
    details: { reasons: [`the operating system is ${os ?? "unknown"}`] },
  });
}
