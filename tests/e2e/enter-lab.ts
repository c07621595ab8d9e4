// How the lab's tests look into a host: by its namespaces, and over SSH as a user would.

import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { type Lab, labExecArgv } from "../../provider/cli/lab/lab";

const run = promisify(execFile);

/** Runs a bash text as root inside a host and gives its output; fails on another status than 0. */
export async function runInside(lab: Lab, host: string, text: string): Promise<string> {
  const [program = "", ...args] = labExecArgv(lab, host, ["bash", "-ec", text]);
  return (await run(program, args)).stdout.trim();
}

/** How to log in, where it differs from the lab's own key, known hosts and usual port. `options` are ssh(1)'s. */
export interface LabLogin {
  readonly host?: string;
  readonly options?: readonly string[];
  readonly identityFile?: string;
  readonly knownHostsFile?: string;
}

/** Runs a command over SSH, on the lab's first host unless told otherwise, and gives its output. */
export async function runOverSsh(lab: Lab, user: string, command: string, login: LabLogin = {}): Promise<string> {
  const host = lab.hosts.find((each) => each.name === login.host) ?? lab.hosts[0];
  const knownHostsFile = login.knownHostsFile ?? lab.knownHostsFile;
  const known = ["-o", "StrictHostKeyChecking=yes", "-o", `UserKnownHostsFile=${knownHostsFile}`];
  const key = ["-o", "IdentitiesOnly=yes", "-i", login.identityFile ?? lab.identityFile];
  const options = ["-F", "none", "-o", "BatchMode=yes", ...known, ...key, ...(login.options ?? [])];
  const running = run("ssh", [...options, `${user}@${host?.address}`, command]);
  running.child.stdin?.end();
  return (await running).stdout.trim();
}
