// `node generate-sources.mjs <kit> <folder>`: the kit's generator on the provider's schema. A program of its own, because
// the generators start processes and open logs as soon as they are loaded.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { ROOT } from "../paths.mjs";

const [kit, folder] = process.argv.slice(2);
const require = createRequire(import.meta.url);
const { generateProviderBindingsFromSchema } =
  kit === "cdktf" ? require("@cdktf/provider-generator") : require("@cdktn/provider-generator");

const schema = JSON.parse(readFileSync(join(ROOT, "schema", "generated", "terraform.json"), "utf8"));
const { version } = JSON.parse(readFileSync(join(ROOT, "sdk", kit, "package.json"), "utf8"));
const [address] = Object.keys(schema.provider_schemas);

// Any later patch of the provider has all that these classes know: a program that asks for one version alone could not take
// a mended provider before it takes mended classes. The kits write what stands here into `required_providers` as it is.
const wanted = `~> ${version}`;
await generateProviderBindingsFromSchema(folder, { ...schema, provider_versions: { [address]: wanted } });
