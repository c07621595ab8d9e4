// A hand between an emulated host's agent and its kernel: the program by which the agent writes to sysfs waits, or the agent
// dies, at a chosen write. The agent's own PATH finds it first; without a hook there is none.

import { waitFor } from "../../e2e/world/wait-for";
import type { GpuHost } from "./gpu-host";

const [place, hook, reached, go] = ["/usr/local/sbin/tee", "/run/tee-hook", "/run/tee-reached", "/run/tee-go"];

/** At the next write whose path ends so, `act` (sh) is run once in place of it, or before it where it goes on. */
async function hookWrite(host: GpuHost, pathEnd: string, act: string): Promise<void> {
  await host.run(`
    rm -f ${reached} ${go}
    printf '%s\\n' 'case "$1" in *${pathEnd}) rm ${hook}; touch ${reached}; ${act} ;; esac' >${hook}
    printf '%s\\n' '#!/bin/sh' 'if [ -e ${hook} ]; then . ${hook}; fi' 'exec /usr/bin/tee "$@"' >${place}
    chmod 755 ${place}
  `);
}

/** The agent is killed at the next write of this kind, which is not done. */
export function killAgentAt(host: GpuHost, pathEnd: string): Promise<void> {
  return hookWrite(host, pathEnd, "systemctl kill --kill-who=main --signal=KILL leea-agent; exit 1");
}

/** The next write of this kind waits: `reached` resolves once it does, `goOn` lets it be done. */
export async function holdWriteAt(
  host: GpuHost,
  pathEnd: string,
): Promise<{ reached(): Promise<unknown>; goOn(): Promise<unknown> }> {
  await hookWrite(host, pathEnd, `while [ ! -e ${go} ]; do sleep 0.05; done`);
  return {
    reached: () =>
      waitFor(`a write to ${pathEnd}`, () => host.run(`[ -e ${reached} ] && echo yes || :`).then(Boolean), 60_000),
    goOn: () => host.run(`touch ${go}`),
  };
}

/** Takes it away. */
export async function dropHook(host: GpuHost): Promise<void> {
  await host.run(`rm -f ${place} ${hook} ${reached} ${go}`);
}
