// Locks between commands on this machine. A lock belongs to a child that ends with us, so a killed owner never leaves
// it taken. A lock must not be taken again by its holder.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync } from "node:fs";
import { LeeaError } from "../../../model/errors";
import { systemPath } from "./run-command";

/** Where the machine remembers its labs; gone with a reboot, as the labs' processes are. */
export const machineStateDirectory = "/run/leea-lab";

// flock(1). The file may be removed by its last holder, so what was locked must still be what the name means.
const holdScript = `while :; do
  exec 9>"$1"
  flock --exclusive --timeout 120 9 || exit 1
  if [ "$1" -ef /proc/self/fd/9 ]; then break; fi
done
echo held
exec cat`;

/** The lock file of the lab `name`; whoever holds it may remove it. */
export function labLockFile(name: string): string {
  return `${machineStateDirectory}/lock-${name}`;
}

/** Runs `action` while no other process changes the lab `name`. Throws LAB_FAILED when that takes over 120 s. */
export function withLabLock<Result>(name: string, action: () => Promise<Result>): Promise<Result> {
  return withLock(labLockFile(name), action);
}

/** Runs `action` while no other process gives numbers to labs; inside a lab's lock, never around one. */
export function withMachineLock<Result>(action: () => Promise<Result>): Promise<Result> {
  return withLock(`${machineStateDirectory}/lock`, action);
}

async function withLock<Result>(file: string, action: () => Promise<Result>): Promise<Result> {
  const release = await takeLock(file);
  try {
    return await action();
  } finally {
    release();
  }
}

async function takeLock(file: string): Promise<() => void> {
  mkdirSync(machineStateDirectory, { recursive: true, mode: 0o755 });
  const env = { PATH: systemPath };
  const child = spawn("sh", ["-c", holdScript, "sh", file], { env, stdio: ["pipe", "pipe", "ignore"] });
  const held = await Promise.race([
    once(child.stdout, "data").then(() => true),
    once(child, "close").then(() => false),
    once(child, "error").then(() => false),
  ]);
  if (held) {
    return () => {
      child.stdin.destroy();
      child.stdout.destroy();
    };
  }
  throw new LeeaError({
    code: "LAB_FAILED",
    message: `Unable to change the lab: another command has held ${file} for 120 s`,
    hint: "Wait for the other `leea lab` command, or end it.",
  });
}
