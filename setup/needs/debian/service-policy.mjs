// Keeps package installation from starting or enabling services. While it runs: /usr/sbin/policy-rc.d, which
// invoke-rc.d and deb-systemd-invoke ask (invoke-rc.d(8)); one that the machine has itself is left alone. Afterwards:
// the new services are disabled. A journal in the cache lets the next run finish what a killed one began.

import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { CACHE } from "../../paths.mjs";
import { findProgram } from "../../platform.mjs";
import { runCaptured } from "../../run-command.mjs";

const POLICY = "/usr/sbin/policy-rc.d";
const MARK = "# Written by leea's setup while it installs packages; safe to delete.";
/** "Action not allowed", in invoke-rc.d's words. */
const FORBIDDEN = 101;
const JOURNAL = join(CACHE, "apt-unfinished.json");

/** True when a run was killed while it installed packages. */
export function hasUnfinishedRun() {
  return existsSync(JOURNAL) || isOurPolicy();
}

/** Runs `work` while no package can start a service; afterwards disables `services`, which were not there before. */
export async function withoutServices(services, work) {
  const toDisable = [...new Set([...services, ...readJournal()])];
  mkdirSync(dirname(JOURNAL), { recursive: true });
  writeFileSync(JOURNAL, JSON.stringify(toDisable));
  if (!existsSync(POLICY)) writeFileSync(POLICY, `#!/bin/sh\n${MARK}\nexit ${FORBIDDEN}\n`, { mode: 0o755 });
  process.once("exit", removePolicy);
  try {
    return await work();
  } finally {
    await disableServices(toDisable);
    removePolicy();
    process.removeListener("exit", removePolicy);
    rmSync(JOURNAL, { force: true });
  }
}

// A machine that had no sshd or BIRD must not have one after its next boot because somebody tried leea on it.
async function disableServices(services) {
  for (const service of services) {
    const units = [`${service}.service`, ...(service === "ssh" ? ["ssh.socket"] : [])];
    // Either may not be there, or not know the service when its package was not installed after all.
    if (findProgram("deb-systemd-helper")) await runCaptured("deb-systemd-helper", ["disable", ...units]);
    if (findProgram("update-rc.d")) await runCaptured("update-rc.d", [service, "disable"]);
  }
}

function isOurPolicy() {
  return existsSync(POLICY) && readFileSync(POLICY, "utf8").includes(MARK);
}

function removePolicy() {
  if (isOurPolicy()) rmSync(POLICY, { force: true });
}

function readJournal() {
  try {
    return JSON.parse(readFileSync(JOURNAL, "utf8"));
  } catch {
    // No journal, or one cut short before anything was installed.
    return [];
  }
}
