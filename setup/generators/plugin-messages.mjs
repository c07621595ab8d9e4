// The messages and services of Terraform's plugin protocol as data, generated from the .proto files beside it. A bundle
// reads no file when it starts, so the provider imports this instead.

import { globSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../paths.mjs";

const SOURCES = "provider/terraform/proto/*.proto";
const TARGET = "provider/terraform/generated/plugin-messages.json";

/** The generated file, as path and text: protobufjs' own JSON form. */
export async function pluginMessages() {
  const { Root } = (await import("protobufjs")).default;
  const root = new Root();
  for (const file of globSync(SOURCES, { cwd: ROOT }).sort()) root.loadSync(join(ROOT, file));
  root.resolveAll();
  return { [TARGET]: `${JSON.stringify(withoutOptions(root.toJSON()), null, 1)}\n` };
}

/** Go's package names mean nothing here. */
function withoutOptions({ options: _options, ...rest }) {
  const { nested } = rest;
  if (nested === undefined) return rest;
  return { ...rest, nested: Object.fromEntries(Object.entries(nested).map(([name, one]) => [name, topLevel(one)])) };
}

function topLevel(one) {
  return one.fields === undefined && one.methods === undefined && one.values === undefined ? withoutOptions(one) : one;
}
