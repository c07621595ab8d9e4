// Keeps package installation from starting services: /usr/sbin/policy-rc.d, which invoke-rc.d and
// deb-systemd-invoke ask (invoke-rc.d(8)). One that the machine has itself is left alone.

import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";

const POLICY = "/usr/sbin/policy-rc.d";
const MARK = "# Written by leea's setup while it installs packages; safe to delete.";
/** "Action not allowed", in invoke-rc.d's words. */
const FORBIDDEN = 101;

/** True when a run that was killed left its policy behind. */
export function hasLeftPolicy() {
  return existsSync(POLICY) && readFileSync(POLICY, "utf8").includes(MARK);
}

/** Runs `work` while no service can be started by a package. */
export async function withoutServices(work) {
  const isOurs = !existsSync(POLICY) || hasLeftPolicy();
  if (isOurs) writeFileSync(POLICY, `#!/bin/sh\n${MARK}\nexit ${FORBIDDEN}\n`, { mode: 0o755 });
  const remove = () => {
    if (isOurs) rmSync(POLICY, { force: true });
  };
  process.once("exit", remove);
  try {
    return await work();
  } finally {
    remove();
    process.removeListener("exit", remove);
  }
}
