// A host's power: boot, and the cut that kills everything on it at once. Its disk outlives both.

import { readFileSync, rmSync } from "node:fs";
import { LeeaError } from "../../../model/errors";
import { gatewayAddress, plugHost } from "../lab-network";
import { findHost, hostProcess, type Lab, type LabHost, requireLab, withHost, writeLab } from "../lab-record";
import { endProcess, startFirstProcess } from "../machine/first-process";
import { withLabLock } from "../machine/machine-lock";
import { isAlive } from "../machine/process-identity";
import { coverPath } from "./cover-path";
import { writeKnownHosts } from "./known-hosts";

/** Cuts the host's power: SIGKILL to its first process, so to everything on it. Its disk stays; /run and /tmp are lost.
 *  Gives the lab as it is now. A host that is off stays off. */
export function killHost(lab: Lab, name: string): Promise<Lab> {
  return changeHost(lab, name, async (_lab, host) => powerOff(host));
}

/** Boots the host if its power is off. Resolves when its SSH servers listen. */
export function bootHost(lab: Lab, name: string): Promise<Lab> {
  return changeHost(lab, name, powerOn);
}

/** Cuts the host's power, wipes its disk and boots it: a machine installed anew, with another host key. */
export function reinstallHost(lab: Lab, name: string): Promise<Lab> {
  return changeHost(lab, name, async (current, host) => {
    const off = await powerOff(host);
    wipeDisk(current, off);
    return powerOn(current, off);
  });
}

/** The host, off. */
export async function powerOff(host: LabHost): Promise<LabHost> {
  const process = hostProcess(host);
  if (process !== undefined) await endProcess(process);
  return { ...host, pid: null, startTime: null };
}

/** The host, booted and reachable. The lab's segments must run. Takes no lock. */
export async function powerOn(lab: Lab, host: LabHost): Promise<LabHost> {
  const present = hostProcess(host);
  if (present !== undefined && isAlive(present)) return host;
  const { inet, lan } = lab;
  if (inet === null || lan === null) throw segmentsMissing(lab);
  const script = `${lab.directory}/host.sh`;
  const place = [lab.directory, host.name, host.address, gatewayAddress(lab.slot), String(lab.slot)];
  const waiting = await startFirstProcess({
    what: `host "${host.name}"`,
    argv: ["/bin/bash", script, "enter", ...place],
    logFile: `${lab.directory}/${host.name}.log`,
  });
  try {
    await plugHost(host, waiting.identity, { inet, lan });
    await waiting.goOn();
    for (const path of host.hidden) await coverPath(waiting.identity, path);
  } catch (error) {
    await waiting.abandon();
    throw error;
  }
  return { ...host, ...waiting.identity, hostKey: readHostKey(lab, host.name) };
}

/** Changes one host under the lab's lock and records the result. */
export function changeHost(
  lab: Lab,
  name: string,
  change: (current: Lab, host: LabHost) => Promise<LabHost>,
): Promise<Lab> {
  return withLabLock(lab.name, async () => {
    const current = requireLab(lab.name);
    const changed = withHost(current, await change(current, findHost(current, name)));
    writeLab(changed);
    writeKnownHosts(changed);
    return changed;
  });
}

/** The public line of the host's key, as its disk holds it: type and key, without the comment. */
export function readHostKey(lab: Lab, name: string): string {
  const file = `${hostDisk(lab, name)}/etc/ssh/ssh_host_ed25519_key.pub`;
  return readFileSync(file, "utf8").trim().split(" ").slice(0, 2).join(" ");
}

/** The folder of this machine that holds everything the host changed on its disk. */
export function hostDisk(lab: Lab, name: string): string {
  return `${lab.directory}/hosts/${name}/disk`;
}

function wipeDisk(lab: Lab, host: LabHost): void {
  rmSync(`${lab.directory}/hosts/${host.name}`, { recursive: true, force: true });
}

function segmentsMissing(lab: Lab): LeeaError {
  return new LeeaError({
    code: "LAB_FAILED",
    message: `Unable to boot a host of lab "${lab.name}": its network is down`,
    hint: `Run \`leea lab up --name ${lab.name}\`.`,
  });
}
