// Adds Debian's backports suite from the mirror that this system already uses, under the key it already trusts.

import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readOsRelease } from "../../platform.mjs";
import { Problem } from "../../problem.mjs";

const APT = "/etc/apt";

/** Writes `sources.list.d/leea-<suite>.sources` unless some source names the suite already. */
export function ensureBackportsSource(suite, folder = APT, codename = readOsRelease().codename) {
  const sources = readSources(folder);
  if (sources.some((source) => source.suites.includes(suite))) return;
  const own = sources.find((source) => source.suites.includes(codename) && source.components.includes("main"));
  if (own === undefined) {
    throw new Problem(
      `No source of ${codename} main in ${folder}: where to take ${suite} from is unknown`,
      `Add a source for ${suite} main, then run this again`,
    );
  }
  writeFileSync(join(folder, "sources.list.d", `leea-${suite}.sources`), formatSource(suite, own));
}

/** Every binary source as {uris, suites, components, signedBy}; both of apt's formats, see sources.list(5). */
export function readSources(folder = APT) {
  const parts = join(folder, "sources.list.d");
  const files = existsSync(parts) ? readdirSync(parts).map((name) => join(parts, name)) : [];
  const lists = [join(folder, "sources.list"), ...files.filter((file) => file.endsWith(".list"))].filter(existsSync);
  return [
    ...lists.flatMap((file) => readFileSync(file, "utf8").split("\n").flatMap(parseLine)),
    ...files.filter((file) => file.endsWith(".sources")).flatMap((file) => parseStanzas(readFileSync(file, "utf8"))),
  ];
}

function parseLine(line) {
  const match = /^\s*deb\s+(?:\[([^\]]*)\]\s+)?(\S+)\s+(\S+)\s*([^#]*)/.exec(line);
  if (match === null) return [];
  const signedBy = /signed-by=(\S+)/i.exec(match[1] ?? "")?.[1];
  return [{ uris: [match[2]], suites: [match[3]], components: words(match[4]), signedBy }];
}

function parseStanzas(text) {
  return text.split(/\n\s*\n/).flatMap((stanza) => {
    const fields = parseFields(stanza);
    if (!words(fields.types).includes("deb") || fields.enabled === "no") return [];
    return [
      {
        uris: words(fields.uris),
        suites: words(fields.suites),
        components: words(fields.components),
        signedBy: fields["signed-by"],
      },
    ];
  });
}

function parseFields(stanza) {
  const fields = {};
  let last;
  for (const line of stanza.split("\n").filter((one) => !one.startsWith("#"))) {
    const match = /^([\w-]+):\s*(.*)$/.exec(line);
    if (match) fields[(last = match[1].toLowerCase())] = match[2];
    // A continued field, for example a key that stands in the file itself.
    else if (last !== undefined && /^\s/.test(line)) fields[last] += `\n${line}`;
  }
  return fields;
}

function words(text = "") {
  return text.split(/\s+/).filter((word) => word !== "");
}

function formatSource(suite, { uris, signedBy }) {
  const lines = [
    "# Added by leea's setup: QEMU 9 or newer, which moves guests under software emulation without losing memory.",
    "# Nothing else comes from here: the suite is not automatic (see apt_preferences(5)). Safe to delete.",
    "Types: deb",
    `URIs: ${uris.join(" ")}`,
    `Suites: ${suite}`,
    "Components: main",
    ...(signedBy ? [`Signed-By: ${signedBy}`] : []),
  ];
  return `${lines.join("\n")}\n`;
}
