// What follows from the definitions: the same bytes each time, complete, and in step with what is committed.

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv } from "ajv";
import { emitJsonSchema } from "../../../schema/emit-json-schema";
import { generateFiles } from "../../../schema/generate";
import { resources } from "../../../schema/index";

const root = join(__dirname, "../../..");

describe("generateFiles", () => {
  it("gives the same bytes each time", () => {
    expect(generateFiles()).toEqual(generateFiles());
  });

  it("gives what is committed", () => {
    const stale = Object.entries(generateFiles()).filter(
      ([file, text]) => !existsSync(join(root, file)) || readFileSync(join(root, file), "utf8") !== text,
    );
    expect(stale.map(([file]) => file)).toEqual([]);
  });

  it("documents every field that a user may write, and none that the SDK fills", () => {
    const files = generateFiles();
    for (const resource of resources) {
      const page = files[`docs/reference/${resource.token.replaceAll("_", "-")}.md`] ?? "";
      for (const [name, field] of Object.entries(resource.inputs))
        expect(page.includes(`| \`${name}\` |`)).toBe(field.internal !== true);
      for (const name of Object.keys(resource.outputs)) expect(page).toContain(`| \`${name}\` |`);
    }
  });

  it("gives every input a change class, at the top where it is declared", () => {
    for (const resource of resources)
      for (const [name, field] of Object.entries(resource.inputs))
        expect([name, field.change]).toEqual([name, expect.any(String)]);
  });
});

test("the inputs of every resource are described by a valid JSON Schema", () => {
  const judge = new Ajv({ strict: false, allErrors: true });
  for (const resource of resources) {
    void judge.validateSchema(emitJsonSchema(resource));
    expect([resource.name, judge.errors ?? []]).toEqual([resource.name, []]);
  }
});
