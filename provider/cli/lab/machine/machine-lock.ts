// One lock for everything that changes a lab on this machine. It belongs to a child that ends with us, so a killed
// owner never leaves it taken. It must not be taken again by its holder.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync } from "node:fs";
import { LeeaError } from "../../../model/errors";
import { systemPath } from "./run-command";

/** Where the machine remembers its labs; gone with a reboot, as the labs' processes are. */
export const machineStateDirectory = "/run/leea-lab";

const lockTimeoutSeconds = 120;

/** Runs `action` while no other process changes a lab. Throws LAB_FAILED when the lock is not free in 120 s. */
export async function withMachineLock<Result>(action: () => Promise<Result>): Promise<Result> {
  const release = await takeLock();
  try {
    return await action();
  } finally {
    release();
  }
}

async function takeLock(): Promise<() => void> {
  mkdirSync(machineStateDirectory, { recursive: true, mode: 0o755 });
  const wait = String(lockTimeoutSeconds);
  const argv = ["--exclusive", "--timeout", wait, `${machineStateDirectory}/lock`, "sh", "-c", "echo held; exec cat"];
  const child = spawn("flock", argv, { env: { PATH: systemPath }, stdio: ["pipe", "pipe", "ignore"] });
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
    message: `Unable to change the lab: another command has held ${machineStateDirectory}/lock for ${wait} s`,
    hint: "Wait for the other `leea lab` command, or end it.",
  });
}
