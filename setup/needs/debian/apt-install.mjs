// apt-get, run so that it asks nothing, starts nothing, and mends what a killed run left half configured.

import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { CACHE } from "../../paths.mjs";
import { Problem } from "../../problem.mjs";
import { runCaptured, tailOf } from "../../run-command.mjs";
import { ensureBackportsSource } from "./apt-sources.mjs";
import { withoutServices } from "./service-policy.mjs";

const LOCK_TIMEOUT_SECONDS = 600;
const DPKG_RETRY_MS = 2000;
const LOG = join(CACHE, "logs", "apt.log");

/** Installs the packages; those marked `fromBackports` from the suite `backports`, if one is given. */
export async function installPackages(packages, { backports, say }) {
  const fromBackports = backports === undefined ? [] : packages.filter((one) => one.fromBackports);
  const plain = packages.filter((one) => !fromBackports.includes(one));
  mkdirSync(dirname(LOG), { recursive: true });
  writeFileSync(LOG, "");
  const services = packages.flatMap((one) => one.service ?? []);
  await withoutServices(services, async () => {
    await finishInterruptedRun(say);
    if (packages.length === 0) return;
    if (fromBackports.length > 0) ensureBackportsSource(backports);
    await runApt(["update"], say);
    if (plain.length > 0) await runApt([...INSTALL, ...plain.map((one) => one.name)], say);
    if (fromBackports.length > 0) {
      await runApt([...INSTALL, "-t", backports, ...fromBackports.map((one) => one.name)], say);
    }
  });
}

const INSTALL = ["install", "-y", "--no-install-recommends", "-o", "Dpkg::Options::=--force-confold"];

async function runApt(args, say) {
  const { status, output } = await runCaptured(
    "apt-get",
    ["-o", `DPkg::Lock::Timeout=${LOCK_TIMEOUT_SECONDS}`, ...args],
    {
      env: { ...process.env, DEBIAN_FRONTEND: "noninteractive", LC_ALL: "C" },
      // In a session of its own, and asked by SIGINT: apt-get then lets the running dpkg end instead of cutting it.
      detached: true,
      endBy: "SIGINT",
      onLine: (line) => say(line.slice(0, 60)),
    },
  );
  writeFileSync(LOG, output, { flag: "a" });
  if (status === 0) return;
  throw new Problem(
    `apt-get ${args[0]} failed (status ${status}); its whole output: ${LOG}`,
    "Check that this machine reaches its Debian mirror, then run this again",
    tailOf(output),
  );
}

// A killed apt-get can still be running without us, or have left packages half configured.
async function finishInterruptedRun(say) {
  const deadline = Date.now() + LOCK_TIMEOUT_SECONDS * 1000;
  while (hasUnfinishedDpkg() || (await hasUnconfigured())) {
    say("finishing an interrupted installation");
    const { status, output } = await runCaptured("dpkg", ["--configure", "-a", "--force-confold"], {
      env: { ...process.env, DEBIAN_FRONTEND: "noninteractive", LC_ALL: "C" },
    });
    if (status === 0) break;
    if (!/lock/.test(output) || Date.now() > deadline) {
      // What is left needs its dependencies: apt-get knows which.
      await runApt(["install", "-f", "-y", "--no-install-recommends"], say);
      break;
    }
    await new Promise((resolve) => setTimeout(resolve, DPKG_RETRY_MS));
  }
}

function hasUnfinishedDpkg() {
  return readdirSync("/var/lib/dpkg/updates").length > 0;
}

async function hasUnconfigured() {
  const { output } = await runCaptured("dpkg", ["--audit"]);
  return output.trim() !== "";
}
