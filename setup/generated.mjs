// Files that follow from the definitions in schema/, from the command table, from the tables about GPUs, from the protocol's types and from Terraform's
// .proto files: what they should be, and which are not that. The generators are pure and only say what; this file does the reading and writing.

import { existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import Module from "node:module";
import { dirname, join } from "node:path";
import { bodyChecks } from "./body-checks.mjs";
import { bundleText } from "./bundles.mjs";
import { pluginMessages } from "./generators/plugin-messages.mjs";
import { ROOT } from "./paths.mjs";

const ENTRIES = ["schema/generate.ts", "provider/cli/words/generate.ts", "provider/model/gpu/words/generate.ts"];
/** Folders that hold generated files only: one in them that is not expected is stale. */
const FOLDERS = [
  "schema/generated",
  "provider/agent/generated",
  "docs/reference",
  "docs/resources",
  "docs/data-sources",
  "examples/provider",
  "examples/resources",
  "examples/data-sources",
  "sdk/pulumi/src/generated",
  "provider/terraform/generated",
];

/** Paths (relative to the checkout) whose content differs from what schema/ gives, is missing, or is left over. */
export async function staleFiles() {
  const wanted = await wantedFiles();
  const differing = Object.keys(wanted).filter((file) => readIfThere(file) !== wanted[file]);
  return [...differing, ...leftOver(wanted)].sort();
}

/** Writes every generated file and removes left-over ones. */
export async function writeGenerated() {
  const wanted = await wantedFiles();
  for (const file of leftOver(wanted)) rmSync(join(ROOT, file));
  for (const [file, text] of Object.entries(wanted)) {
    mkdirSync(dirname(join(ROOT, file)), { recursive: true });
    writeFileSync(join(ROOT, file), text);
  }
}

async function wantedFiles() {
  const files = {};
  for (const entry of ENTRIES) Object.assign(files, await filesOf(entry));
  return { ...files, ...(await bodyChecks()), ...(await pluginMessages()) };
}

async function filesOf(entry) {
  const generator = new Module(join(ROOT, entry));
  generator._compile(await bundleText({ entry }), join(ROOT, ".cache", "generate.cjs"));
  return generator.exports.generateFiles();
}

function leftOver(wanted) {
  if (Object.keys(wanted).length === 0) return [];
  return FOLDERS.flatMap((folder) => globSync(`${folder}/**/*.*`, { cwd: ROOT })).filter((file) => !(file in wanted));
}

function readIfThere(file) {
  return existsSync(join(ROOT, file)) ? readFileSync(join(ROOT, file), "utf8") : undefined;
}
