// `node generate-languages.mjs <sources> <folder>`: jsii on the TypeScript that generate-sources.mjs made. A program of its
// own for the same reason. jsii compiles in a folder of its own, with copies of what the bindings import.

import { cpSync, mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { ROOT } from "../paths.mjs";

const [sources, folder] = process.argv.slice(2);
const { generateJsiiLanguage } = createRequire(import.meta.url)("@cdktn/provider-generator");

/** The import path of the Go package is this and `leea`. */
const GO_MODULE = "leea.dev/sdk/cdktn";
/** jsii compiles against these alone; without Node's types it does not compile CDK Terrain's own. */
const IMPORTED = ["cdktn", "constructs", "@types/node"].map((name) => join(ROOT, "node_modules", name));

// What it asks of a CodeMaker is to save: these sources are saved already, and name both default hosts.
const saved = {
  save: async (staging) => cpSync(join(sources, "providers"), join(staging, "providers"), { recursive: true }),
};

for (const language of ["python", "go"]) mkdirSync(join(folder, language), { recursive: true });
await generateJsiiLanguage(
  saved,
  {
    entrypoint: "providers/leea/index.ts",
    deps: IMPORTED,
    moduleKey: "leea",
    jsii: { path: join(folder, ".jsii") },
    python: { outdir: join(folder, "python"), moduleName: "leea" },
    golang: { outdir: join(folder, "go"), moduleName: GO_MODULE, packageName: "leea" },
  },
  folder,
);
