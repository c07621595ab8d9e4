// How to run a program inside a host of the lab, or inside one of its network segments. Starts nothing itself.

import { LeeaError } from "../../model/errors";
import { findHost, hostProcess, type Lab } from "./lab-record";
import type { ProcessIdentity } from "./machine/process-identity";
import { systemPath } from "./machine/run-command";

/** The argv (nsenter(1)) that runs `argv` as root inside `host`; "inet" and "lan" are the network segments.
 *  Throws NOT_FOUND, or NOT_ALLOWED_NOW when the host's power is off. */
export function labExecArgv(lab: Lab, host: string, argv: readonly string[]): string[] {
  const { pid } = findProcess(lab, host);
  const spaces = ["--mount", "--uts", "--ipc", "--net", "--pid", ...(isSegment(host) ? [] : ["--cgroup"])];
  const home = isSegment(host) ? "/" : "/root";
  const term = process.env["TERM"] ?? "dumb";
  const environment = [`PATH=${systemPath}`, "HOME=/root", "USER=root", "LANG=C.UTF-8", `TERM=${term}`];
  return ["nsenter", "--target", String(pid), ...spaces, "--", "env", "-i", `--chdir=${home}`, ...environment, ...argv];
}

/** The argv that runs `argv` in a host's network and nowhere else of it: for programs of the checkout, which may lie in
 *  a folder that a host has of its own, such as /tmp or /root. Throws as `labExecArgv`. */
export function labNetworkArgv(lab: Lab, host: string, argv: readonly string[]): string[] {
  return ["nsenter", `--net=/proc/${findProcess(lab, host).pid}/ns/net`, "--", ...argv];
}

function isSegment(name: string): name is "inet" | "lan" {
  return name === "inet" || name === "lan";
}

function findProcess(lab: Lab, name: string): ProcessIdentity {
  const found = (isSegment(name) ? lab[name] : hostProcess(findHost(lab, name))) ?? undefined;
  if (found !== undefined) return found;
  throw new LeeaError({
    code: "NOT_ALLOWED_NOW",
    message: `Unable to enter "${name}" of lab "${lab.name}": its power is off`,
    hint: isSegment(name) ? "Run `leea lab up`." : `Run \`leea lab boot ${name}\`.`,
  });
}
