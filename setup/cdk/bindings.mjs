// The packages for CDK programs, @leea/cdktf and @leea/cdktn: their classes follow from the provider's schema, are made by
// each kit's own generator at build time as is the habit there, and are never committed.

import { cpSync, globSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { hashFiles, readIfThere, writeIfChanged } from "../files/written-files.mjs";
import { ROOT } from "../paths.mjs";
import { runOrFail } from "../run-command.mjs";

/** CDK for Terraform, archived but what many run, and CDK Terrain, which follows it. Package names and folders of sdk/. */
export const KITS = ["cdktf", "cdktn"];

const GENERATOR = join(ROOT, "setup", "cdk", "generate-sources.mjs");
/** Under Terraform's and OpenTofu's default hosts alike; the generator's own key must have a host. */
const SOURCE = "leea/leea";

/** Makes `sdk/<kit>/dist` unless it is current; true if it did. A Problem carries what generator or compiler said. */
export async function ensureCdkBindings(kit) {
  const stamp = join(ROOT, ".cache", "cdk", `${kit}.sha256`);
  const hash = hashFiles(["schema/generated/terraform.json", "package-lock.json", ...inputsOf(kit)]);
  const dist = join(ROOT, "sdk", kit, "dist");
  if (readIfThere(stamp) === hash && readIfThere(join(dist, "index.js")) !== undefined) return false;
  const sources = await generateSources(kit);
  const compiled = `${sources}.compiled`;
  rmSync(compiled, { recursive: true, force: true });
  const project = join("sdk", kit, "tsconfig.json");
  await runOrFail("tsc", ["-p", project], { cwd: ROOT, problem: `The bindings of sdk/${kit} do not compile` });
  rmSync(dist, { recursive: true, force: true });
  cpSync(compiled, dist, { recursive: true });
  writeIfChanged(stamp, hash);
  return true;
}

/** Writes the TypeScript that the kit's generator makes of the schema to .cache/cdk/<kit>; resolves to that folder. */
export async function generateSources(kit) {
  const folder = join(ROOT, ".cache", "cdk", kit);
  rmSync(folder, { recursive: true, force: true });
  await runOrFail("node", [GENERATOR, kit, folder], {
    cwd: ROOT,
    env: generatorEnvironment(),
    problem: `Unable to generate the bindings of sdk/${kit}`,
    hint: "`npm run generate` makes the schema that they follow from",
  });
  nameBothHosts(folder);
  writeIfChanged(join(folder, "index.ts"), indexText(folder));
  return folder;
}

/** The generators look for a Terraform when they are loaded and report to HashiCorp: neither is wanted here. */
export function generatorEnvironment() {
  return { ...process.env, TERRAFORM_BINARY_NAME: "true", CHECKPOINT_DISABLE: "1", CI: "1" };
}

function inputsOf(kit) {
  const packages = [join("sdk", kit, "package.json"), join("sdk", kit, "tsconfig.json")];
  return [...packages, ...globSync("setup/cdk/*.mjs", { cwd: ROOT }).sort()];
}

function nameBothHosts(folder) {
  const file = join(folder, "providers", "leea", "provider", "index.ts");
  const text = readFileSync(file, "utf8");
  const named = text.replace(/terraformProviderSource: '[^']+'/, `terraformProviderSource: '${SOURCE}'`);
  if (named === text) throw new Error(`${file} names no terraformProviderSource`);
  writeIfChanged(file, named);
}

// Every class by its own name, not in a namespace for each resource: the generator gives no two the same.
function indexText(folder) {
  const generated = readFileSync(join(folder, "providers", "leea", "index.ts"), "utf8");
  const folders = [...generated.matchAll(/from '\.\/([\w-]+)(?:\/index)?'/g)].map(([, name]) => name);
  if (folders.length === 0) throw new Error("The generator's index.ts names no folder");
  return folders.map((name) => `export * from "./providers/leea/${name}/index";\n`).join("");
}
