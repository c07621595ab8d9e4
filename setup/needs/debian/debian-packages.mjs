// The system packages that the lab and its test guest need. On Debian 12 and 13 it installs them, as root, after
// saying which; elsewhere it says what is missing. It never starts or enables a service.

import { withLock } from "../../cache.mjs";
import { findProgram, isRoot, readOsRelease } from "../../platform.mjs";
import { Problem } from "../../problem.mjs";
import { runCaptured } from "../../run-command.mjs";
import { installPackages } from "./apt-install.mjs";
import { hasUnfinishedRun } from "./service-policy.mjs";

/** QEMU below this loses memory of a busy guest when it moves under software emulation. */
const OLDEST_QEMU = 9;

/** Debian package to the program that shows that it is there. `service` is what must not be started or enabled. */
const PACKAGES = [
  { name: "qemu-system-x86", program: "qemu-system-x86_64", oldest: OLDEST_QEMU, fromBackports: true },
  { name: "qemu-utils", program: "qemu-img", oldest: OLDEST_QEMU, fromBackports: true },
  { name: "openssh-server", program: "sshd", service: "ssh" },
  { name: "openssh-client", program: "ssh-keygen" },
  { name: "sudo", program: "sudo" },
  { name: "iproute2", program: "ip" },
  { name: "iputils-ping", program: "ping" },
  { name: "nftables", program: "nft" },
  { name: "bird2", program: "bird", service: "bird" },
  { name: "dnsmasq-base", program: "dnsmasq" },
  { name: "wireguard-tools", program: "wg" },
  { name: "busybox-static", program: "busybox" },
  { name: "gcc", program: "gcc" },
  { name: "libc6-dev", program: "gcc" },
  { name: "procps", program: "sysctl" },
  { name: "tcpdump", program: "tcpdump" },
  { name: "util-linux", program: "unshare" },
  { name: "xz-utils", program: "xz" },
];

/** Where `fromBackports` packages come from on a Debian release that is too old to have them itself. */
const BACKPORTS = { 12: "bookworm-backports", 13: undefined };

/** What is missing and cannot be installed by us here, as a Problem that names it; else undefined. */
export async function packagesProblem(extra = []) {
  const { missing, system, isDebian } = await lookAround(extra);
  const isHelpless = missing.length > 0 && !(isDebian && isRoot());
  return isHelpless ? cannotInstall(missing, system, isDebian) : undefined;
}

/** Installs what is missing. `extra` adds packages (for example `wireguard-go` where there is no Go). */
export async function ensureDebianPackages(steps, extra = []) {
  await steps.run("Debian packages", async ({ say, announce }) => {
    const { wanted, missing, system } = await lookAround(extra);
    if (missing.length === 0 && !(isRoot() && hasUnfinishedRun())) return { ready: `all ${wanted.length} there` };
    if (missing.length > 0) announce(`installing ${missing.map((one) => one.name).join(", ")}`);
    await withLock("apt", say, () => installPackages(missing, { backports: BACKPORTS[system.version], say }));
    const still = await findMissingPackages(wanted);
    if (still.length > 0) throw cannotInstall(still, system, true);
    return `installed ${missing.length}, no service started`;
  });
}

async function lookAround(extra) {
  const wanted = [...PACKAGES, ...extra];
  const system = readOsRelease();
  const isDebian = system.id === "debian" && system.version in BACKPORTS;
  const missing = isDebian ? await findMissingPackages(wanted) : findMissingPrograms(wanted);
  return { wanted, missing, system, isDebian };
}

async function findMissingPackages(wanted) {
  const names = wanted.map((one) => one.name);
  // Status 1 only says that some are unknown to dpkg: those are not in the output.
  const { output } = await runCaptured("dpkg-query", ["-W", "-f=${Package} ${db:Status-Abbrev}${Version}\n", ...names]);
  const installed = new Map(
    [...output.matchAll(/^(\S+) [ih]i\s+(?:\d+:)?(\d+)\S*$/gm)].map(([, name, major]) => [name, Number(major)]),
  );
  return wanted.filter((one) => !installed.has(one.name) || installed.get(one.name) < (one.oldest ?? 0));
}

function findMissingPrograms(wanted) {
  return wanted.filter((one) => findProgram(one.program) === undefined);
}

function cannotInstall(missing, system, isDebian) {
  const names = missing.map((one) => one.name).join(" ");
  const message = `Missing for the lab: ${missing.map((one) => `${one.name} (${one.program})`).join(", ")}`;
  if (process.platform !== "linux") {
    return new Problem(
      "The lab needs Linux: its hosts are network namespaces",
      "Here `npm run check` and `npm test -- unit` run; use a Debian 12 or 13 machine or VM for the rest",
    );
  }
  if (!isDebian) {
    return new Problem(
      message,
      `Install them with the package manager of ${system.name || "this system"} (Debian's names: ${names}; QEMU ${OLDEST_QEMU} or newer), then run this again`,
    );
  }
  const backports = BACKPORTS[system.version];
  const from = backports && missing.some((one) => one.fromBackports) ? ` (QEMU from ${backports})` : "";
  return new Problem(
    message,
    `Run \`sudo npm run setup\`, or install${from}:\napt-get install --no-install-recommends ${names}`,
  );
}
