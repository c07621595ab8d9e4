// The licences of npm's packages that a bundle holds, in one text to ship beside it: nearly all of them ask for that, and
// of a package's own files a bundler keeps only comments that are marked as legal.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../paths.mjs";
import { Problem } from "../problem.mjs";

/** Files of a package that must travel with its code; Apache's licence has NOTICE travel too. */
const LICENSE_FILE = /^(?:un)?licen[cs]e|^copying|^notice/i;
const PROGRAM_FILE = /\.[cm]?[jt]s$/;
const LICENSE_PART = /^#*[ ]*licen[cs]e[ ]*$[^]*/im;
const PACKAGE_FOLDER = /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/;
const LINE = "-".repeat(80);

/** Folders, below `root`, of the packages of which esbuild put code into what it built, from its metafile. */
export function packagesIn({ outputs }) {
  const inputs = Object.values(outputs).flatMap((output) => Object.entries(output.inputs));
  const folders = inputs
    .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
    .map(([path]) => PACKAGE_FOLDER.exec(path)?.[0])
    .filter((folder) => folder !== undefined);
  return [...new Set(folders)].sort();
}

/** One text for the packages in these folders below `root`, in their order. A Problem where one tells no licence at all. */
export function licensesText(folders, root = ROOT) {
  const parts = folders.map((folder) => licenseOf(join(root, folder)));
  return `What is bundled here of npm's packages, and on which terms.\n${parts.join("")}`;
}

function licenseOf(folder) {
  const { name, version, license, author } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const texts = termsIn(folder);
  if (texts.length === 0 && typeof license !== "string") {
    throw new Problem(
      `${name} ${version} has neither a licence file nor a licence in its package.json`,
      "Do without it, or ask its author: it cannot be shipped",
    );
  }
  const by = typeof author === "string" ? author : author?.name;
  const terms = [typeof license === "string" ? license : "its own terms", ...(by === undefined ? [] : [`by ${by}`])];
  return `\n${LINE}\n${name} ${version} (${terms.join(", ")})\n${LINE}\n${texts.map((text) => `\n${text}\n`).join("")}`;
}

function termsIn(folder) {
  const names = readdirSync(folder).sort();
  const read = (name) => readFileSync(join(folder, name), "utf8").replaceAll("\r\n", "\n");
  const texts = names.filter((name) => LICENSE_FILE.test(name) && !PROGRAM_FILE.test(name)).map(read);
  // Some packages have their terms as the last part of what else they say.
  const readme = names.find((name) => /^readme/i.test(name));
  if (texts.length === 0 && readme !== undefined) texts.push(LICENSE_PART.exec(read(readme))?.[0] ?? "");
  return texts.map((text) => text.trim()).filter((text) => text !== "");
}
