// Lets a host lack a program that this machine has, at run time and over boots.

import type { Lab } from "../lab-record";
import { hostProcess } from "../lab-record";
import { coverPath, uncoverPath } from "./cover-path";
import { changeHost } from "./host-power";

/** Hides the file at the absolute `path` from the host, now and at every later boot, until `unhideBinary`. */
export function hideBinary(lab: Lab, name: string, path: string): Promise<Lab> {
  return changeHost(lab, name, async (_lab, host) => {
    const process = hostProcess(host);
    if (process !== undefined) await coverPath(process, path);
    return { ...host, hidden: [...host.hidden.filter((other) => other !== path), path] };
  });
}

/** Shows the file again. One that was not hidden is fine. */
export function unhideBinary(lab: Lab, name: string, path: string): Promise<Lab> {
  return changeHost(lab, name, async (_lab, host) => {
    const process = hostProcess(host);
    if (process !== undefined) await uncoverPath(process, path);
    return { ...host, hidden: host.hidden.filter((other) => other !== path) };
  });
}
