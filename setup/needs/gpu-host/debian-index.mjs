// What the system's own package lists say: versions, dependencies, sources. It never installs and never fetches lists.

import { Problem } from "../../problem.mjs";
import { runOrFail } from "../../run-command.mjs";

const META = "linux-image-amd64";

/**
 * The newest full-flavour kernel of the system's sources: {release, version, image, headers, source}. Newest, so that
 * Debian 12 with backports and Debian 13 test the same series.
 */
export async function findHostKernel() {
  const [newest] = await describePackage(META);
  const release = /linux-image-(\S+)/.exec(newest?.depends ?? "")?.[1];
  if (release === undefined) throw unknownPackage(META);
  const series = /^\d+\.\d+/.exec(release)[0];
  return {
    release,
    version: newest.version,
    image: `linux-image-${release}`,
    headers: `linux-headers-${release}`,
    source: `linux-source-${series}`,
  };
}

/** The version that would be installed, by name. A Problem that names a package without one. */
export async function findVersions(names) {
  const output = await runOrFail("apt-cache", ["policy", ...names], ENGLISH);
  const versions = new Map(
    [...output.matchAll(/^(\S+):\n {2}Installed: .*\n {2}Candidate: (\S+)/gm)].map(([, name, version]) => [
      name,
      version,
    ]),
  );
  const unknown = names.find((name) => (versions.get(name) ?? "(none)") === "(none)");
  if (unknown !== undefined) throw unknownPackage(unknown);
  return versions;
}

/** What one version of a package depends on directly: names, the first of alternatives, without versions. */
export async function findDependencies(name, version) {
  const found = (await describePackage(name)).find((one) => one.version === version);
  if (found === undefined) throw unknownPackage(`${name} ${version}`);
  return found.depends
    .split(",")
    .map((part) => part.trim().split(/[\s(|:]/, 1)[0])
    .filter((part) => part !== "");
}

/** Every version that the lists have, newest first: {version, depends}. */
async function describePackage(name) {
  const output = await runOrFail("apt-cache", ["show", name], {
    ...ENGLISH,
    problem: `apt does not know ${name}`,
    hint: HINT,
  });
  return output.split(/\n\n+/).flatMap((stanza) => {
    const version = /^Version: (\S+)/m.exec(stanza)?.[1];
    return version === undefined ? [] : [{ version, depends: /^Depends: (.*)$/m.exec(stanza)?.[1] ?? "" }];
  });
}

const ENGLISH = { env: { ...process.env, LC_ALL: "C" } };
const HINT = "Run `apt-get update` first; the emulated GPU host needs Debian 12 or 13 on amd64";

function unknownPackage(name) {
  return new Problem(`apt does not know ${name}, of which the emulated GPU host is made`, HINT);
}
