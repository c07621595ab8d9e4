// Says at once, and completely, what this machine lacks for a lab. Changes nothing.

import { accessSync, constants } from "node:fs";
import { LeeaError } from "../../../model/errors";
import { systemPath } from "./run-command";

/** Each program that the lab runs, and the Debian package that holds it. */
const packageOf: Readonly<Record<string, string>> = {
  bash: "bash",
  dnsmasq: "dnsmasq-base",
  flock: "util-linux",
  ip: "iproute2",
  mount: "mount",
  nft: "nftables",
  nsenter: "util-linux",
  sshd: "openssh-server",
  "ssh-keygen": "openssh-client",
  sudo: "sudo",
  unshare: "util-linux",
};

/** Throws LAB_FAILED unless this is root on Linux, TOOL_MISSING (all at once) when programs are not installed. */
export function requireTools(): void {
  if (process.platform !== "linux" || process.getuid?.() !== 0) {
    throw new LeeaError({
      code: "LAB_FAILED",
      message: "Unable to make a lab: it needs root on Linux",
      hint: "Run the same command with sudo.",
    });
  }
  const missing = Object.keys(packageOf).filter((program) => !isInstalled(program));
  if (missing.length === 0) return;
  const packages = [...new Set(missing.flatMap((program) => packageOf[program] ?? []))].join(" ");
  throw new LeeaError({
    code: "TOOL_MISSING",
    message: `Unable to make a lab: this machine lacks ${missing.join(", ")}`,
    hint: `On Debian or Ubuntu: apt-get install --no-install-recommends ${packages}`,
    details: { missing },
  });
}

function isInstalled(program: string): boolean {
  return systemPath.split(":").some((folder) => {
    try {
      accessSync(`${folder}/${program}`, constants.X_OK);
      return true;
    } catch {
      // Not in this folder; the next one may have it.
      return false;
    }
  });
}
