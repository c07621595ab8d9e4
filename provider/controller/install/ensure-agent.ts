// Makes sure that the right agent answers on a host, with as few questions as possible: one where it already does.

import { LeeaError } from "../../model/errors";
import type { Health } from "../../protocol/node";
import { minProtocolVersion, productVersion, protocolVersion } from "../../protocol/version";
import type { HostLink } from "../host-link";
import { bundledAgentHash, bundleFolder } from "./agent-bundle";
import { compareVersions } from "./compare-versions";
import { ensureWireguard } from "./ensure-wireguard";
import { identityError } from "./identity-error";
import { installAgent, movingError } from "./install-agent";
import { type HostProbe, probeHost } from "./probe-host";
import { askHealth, askHealthEitherWay, startAgent } from "./start-agent";

/** When an agent may be installed: never, where there is none, or also in place of another bundle. */
export type InstallMode = "never" | "if-missing" | "upgrade";

/** Who asks, how far it may go, and who is told. */
export interface EnsureOptions {
  readonly install: InstallMode;
  readonly report: (line: string) => void;
  /** The node that must be there: a host without any identity is another one, and nothing is installed on it. */
  readonly expectNodeId?: string;
}

// Hosts of this process that were asked: the answer does not change while an agent stays.
const lookedForWireguard = new WeakSet<HostLink>();

/** The health of the agent that answers. AGENT_NOT_ANSWERING, AGENT_NEWER, PROTOCOL_INVALID, NOT_ALLOWED_NOW and what installing throws. */
export async function ensureAgent(link: HostLink, options: EnsureOptions): Promise<Health> {
  const answering = await askHealth(link);
  if (answering !== undefined) return settle(link, options, answering);
  const probe = await askProbe(link, options);
  const asked = probe.agentPid === undefined ? undefined : await askHealthEitherWay(link);
  if (asked !== undefined) return settle(link, options, asked, probe);
  if (probe.currentFolder === undefined) {
    if (options.expectNodeId !== undefined && !probe.hasIdentity) throw identityError(link.label, options.expectNodeId);
    if (options.install === "never") throw missingError(link);
    return installAgent(link, probe, options.report);
  }
  return settle(link, options, await revive(link, options, probe), probe);
}

// An agent that does not start is a reason to put another one in its place where that is allowed.
async function revive(link: HostLink, options: EnsureOptions, probe: HostProbe): Promise<Health> {
  try {
    options.report(`starting the agent on ${link.label}`);
    return await startAgent(link);
  } catch (error) {
    const isOurs = probe.currentFolder === bundleFolder(bundledAgentHash()) && probe.hasBundle;
    if (options.install !== "upgrade" || isOurs) throw error;
    return installAgent(link, probe, options.report);
  }
}

async function settle(link: HostLink, options: EnsureOptions, health: Health, probe?: HostProbe): Promise<Health> {
  const mayDowngrade = options.install === "upgrade" && process.env["LEEA_ALLOW_AGENT_DOWNGRADE"] === "1";
  if (health.minProtocol > protocolVersion && !mayDowngrade) throw newerError(link, health);
  if (options.install !== "upgrade" || health.bundleHash === bundledAgentHash()) {
    if (health.protocol < minProtocolVersion) throw olderError(link, health);
    if (options.install === "upgrade" && !lookedForWireguard.has(link)) await ensureWireguard(link, options.report);
    if (options.install === "upgrade") lookedForWireguard.add(link);
    return health;
  }
  const isNewer = compareVersions(health.version, productVersion) > 0 || health.protocol > protocolVersion;
  if (isNewer && !mayDowngrade) throw newerError(link, health);
  if (health.movesRunning > 0) throw movingError(link, health.movesRunning);
  return installAgent(link, probe ?? (await askProbe(link, options)), options.report);
}

function askProbe(link: HostLink, options: EnsureOptions): Promise<HostProbe> {
  // "never" works without a bundle on this side; the host then looks for one that no host has.
  const hash = options.install === "never" ? "0".repeat(64) : bundledAgentHash();
  return probeHost(link, { folder: bundleFolder(hash), hash });
}

function missingError(link: HostLink): LeeaError {
  return new LeeaError({
    code: "AGENT_NOT_ANSWERING",
    message: `Unable to find an agent on host "${link.label}": none is installed`,
    hint: "Declare the host as a MeshNode, or run an update of it.",
  });
}

function newerError(link: HostLink, health: Health): LeeaError {
  return new LeeaError({
    code: "AGENT_NEWER",
    message: `Unable to use the agent on host "${link.label}": it is version ${health.version} (protocol ${health.minProtocol} to ${health.protocol}), newer than this program's ${productVersion} (protocol ${protocolVersion})`,
    hint: "Update leea on this machine. To put the older agent in its place all the same, set LEEA_ALLOW_AGENT_DOWNGRADE=1 and update the MeshNode.",
    details: { agentVersion: health.version, ownVersion: productVersion },
  });
}

function olderError(link: HostLink, health: Health): LeeaError {
  return new LeeaError({
    code: "PROTOCOL_INVALID",
    message: `Unable to use the agent on host "${link.label}": it speaks protocol ${health.protocol}, and this program needs ${minProtocolVersion} or newer`,
    hint: "Update the MeshNode of this host: that upgrades its agent.",
  });
}
