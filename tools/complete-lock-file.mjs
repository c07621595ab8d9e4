// Adds to package-lock.json the optional packages for other platforms that npm left out, because the registry that
// wrote the lock file did not have them. Without their entries `npm ci` refuses the file where they cannot be fetched,
// and would not install them where they can. Run it after `npm install`: node tools/complete-lock-file.mjs
// It never changes an entry that is there.

import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const FILE = join(dirname(dirname(fileURLToPath(import.meta.url))), "package-lock.json");

// npm's words for a platform, as they stand in the names of such packages.
const SYSTEMS = ["android", "darwin", "freebsd", "linux", "openharmony", "win32"];
const PROCESSORS = { "arm-eabi": "arm", "arm-gnueabihf": "arm", "arm-musleabihf": "arm" };
const NAME = /[/-](android|darwin|freebsd|linux|openharmony|win32)-(arm-\w+|[a-z0-9]+)(?:-(gnu|musl|msvc))?$/;

const lock = JSON.parse(readFileSync(FILE, "utf8"));
const added = [];
for (const [parentPath, parent] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(parent.optionalDependencies ?? {})) {
    const path = `node_modules/${name}`;
    if (isListed(parentPath, path)) continue;
    lock.packages[path] = { version, ...platformOf(name), ...(parent.dev ? { dev: true } : {}), optional: true };
    added.push(path);
  }
}
const byPath = ([one], [other]) => one.localeCompare(other, "en");
lock.packages = Object.fromEntries(Object.entries(lock.packages).toSorted(byPath));
writeFileSync(FILE, `${JSON.stringify(lock, null, 2)}\n`);
console.log(`${added.length} entries added`);

// npm looks in the parent's own folder first, then in the folders of those that it lies in.
function isListed(parentPath, path) {
  if (`${parentPath}/${path}` in lock.packages) return true;
  const above = parentPath.lastIndexOf("/node_modules/");
  return above === -1 ? path in lock.packages : isListed(parentPath.slice(0, above), path);
}

function platformOf(name) {
  const match = NAME.exec(name);
  if (match === null || !SYSTEMS.includes(match[1])) throw new Error(`No platform in the name of ${name}`);
  const [, system, processor, variant] = match;
  const libc = { gnu: ["glibc"], musl: ["musl"] }[variant] ?? (/musl/.test(processor) ? ["musl"] : undefined);
  return {
    cpu: [PROCESSORS[processor] ?? processor],
    os: [system],
    ...(system === "linux" && libc ? { libc } : {}),
  };
}
