// The host's root file system from the distribution's packages, as a tar file in the cache. The packages come from the
// system's own sources, under the keys that it trusts. Must never start a service or write outside its folder.

import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { cachedFolder } from "../../cache.mjs";
import { readOsRelease } from "../../platform.mjs";
import { Problem } from "../../problem.mjs";
import { runOrFail } from "../../run-command.mjs";
import { readSources } from "../debian/apt-sources.mjs";
import { findVersions } from "./debian-index.mjs";
import { BACKPORTED, HOST_PACKAGES } from "./recipe.mjs";

/** Kept out of the image: what no test reads. */
const LEFT_OUT = ["/usr/share/doc/*", "/usr/share/man/*", "/usr/share/locale/*", "/usr/share/info/*"];

/** The name of the cached folder: it changes with every package's version. */
export async function rootName() {
  const versions = await findVersions(HOST_PACKAGES);
  const text = JSON.stringify([[...versions], BACKPORTED, LEFT_OUT, readOsRelease().codename]);
  return `gpu-host-root-${createHash("sha256").update(text).digest("hex").slice(0, 12)}`;
}

/** Resolves to the path of the tar file. */
export async function ensureRoot(say) {
  const folder = await cachedFolder(await rootName(), (temporary) => makeRoot(temporary, say), say);
  return join(folder, "root.tar");
}

async function makeRoot(folder, say) {
  const { codename } = readOsRelease();
  const sources = readSources().filter(({ suites }) => suites.some((suite) => suite.startsWith(codename)));
  if (sources.length === 0) throw new Problem(`No source of ${codename} in /etc/apt`, "Add one, then run this again");
  const options = [
    ...["--mode=root", "--variant=minbase", '--aptopt=APT::Install-Recommends "false"'],
    ...LEFT_OUT.map((path) => `--dpkgopt=path-exclude=${path}`),
    `--include=${HOST_PACKAGES.join(",")}`,
    ...preferBackports(folder, sources),
  ];
  say(`installing ${HOST_PACKAGES.length} packages into the host's root`);
  await runOrFail("mmdebstrap", [...options, codename, join(folder, "root.tar"), ...sources.flatMap(formatLines)], {
    env: { ...process.env, LC_ALL: "C", TMPDIR: folder },
    problem: "Unable to make the emulated GPU host's root with mmdebstrap",
    hint: "Check that this machine reaches its Debian mirror (`apt-get update`), then run this again",
    onLine: (line) => say(line.slice(0, 60)),
  });
}

// A key that stands in the source itself has no path; mmdebstrap then takes the system's trusted keys.
function formatLines({ uris, suites, components, signedBy }) {
  const option = signedBy?.startsWith("/") ? `[signed-by=${signedBy}] ` : "";
  return uris.flatMap((uri) => suites.map((suite) => `deb ${option}${uri} ${suite} ${components.join(" ")}`));
}

// A hook that is a program is given the root as its argument, and no shell of mmdebstrap's reads its path.
function preferBackports(folder, sources) {
  const suite = sources.flatMap(({ suites }) => suites).find((one) => one.endsWith("-backports"));
  if (suite === undefined) return [];
  const script = [
    "#!/bin/sh",
    "set -e",
    'mkdir -p "$1/etc/apt/preferences.d"',
    'cat >"$1/etc/apt/preferences.d/gpu-host" <<END',
    `Package: ${BACKPORTED.join(" ")}`,
    `Pin: release n=${suite}`,
    "Pin-Priority: 990",
    "END",
  ];
  const hook = join(folder, "prefer-backports");
  writeFileSync(hook, `${script.join("\n")}\n`, { mode: 0o755 });
  return [`--setup-hook=${hook}`];
}
