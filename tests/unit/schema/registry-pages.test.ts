// The pages for a Terraform registry: where it looks for them, and that they say of every attribute what the provider's own
// schema says of it.

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseQuantity } from "../../../provider/model/inputs/parse-quantity";
import { generateFiles } from "../../../schema/generate";
import { resources } from "../../../schema/index";
import { emitTerraform } from "../../../schema/terraform/emit-terraform";

interface Attribute {
  readonly required?: boolean;
  readonly computed?: boolean;
  readonly optional?: boolean;
  readonly nested_type?: { readonly attributes: Readonly<Record<string, Attribute>> };
}
type Attributes = Readonly<Record<string, Attribute>>;

const files = generateFiles();
const root = join(__dirname, "../../..");
const schema = emitTerraform(resources);
const pages = [
  ...Object.entries(schema.resource_schemas).map(([type, { block }]) => ({
    file: `docs/resources/${type.replace(/^leea_/, "")}.md`,
    title: `${type} Resource - leea`,
    attributes: block.attributes as Attributes,
  })),
  ...Object.entries(schema.data_source_schemas).map(([type, { block }]) => ({
    file: `docs/data-sources/${type.replace(/^leea_/, "")}.md`,
    title: `${type} Data Source - leea`,
    attributes: block.attributes as Attributes,
  })),
];

/** `Required`, `Optional` or `Read-Only`, as Terraform's documents group attributes. */
function groupOf(attribute: Attribute): string {
  if (attribute.required === true) return "Required";
  return attribute.optional === true ? "Optional" : "Read-Only";
}

/** Path of every attribute, nested ones included, to its group. */
function groupsBySchema(attributes: Attributes, path = ""): [string, string][] {
  return Object.entries(attributes).flatMap(([name, attribute]) => [
    [`${path}${name}`, groupOf(attribute)],
    ...groupsBySchema(attribute.nested_type?.attributes ?? {}, `${path}${name}.`),
  ]);
}

/** The same, read from a page. */
function groupsByPage(text: string): [string, string][] {
  let path = "";
  let group = "";
  const found: [string, string][] = [];
  for (const line of text.slice(text.indexOf("## Schema")).split("\n")) {
    const nested = /^### Nested Schema for `(.+)`$/.exec(line)?.[1];
    if (nested !== undefined) path = `${nested}.`;
    group = /^(?:### )?(Required|Optional|Read-Only):?$/.exec(line)?.[1] ?? group;
    const name = /^- `(\w+)` \(/.exec(line)?.[1];
    if (name !== undefined) found.push([`${path}${name}`, group]);
  }
  return found;
}

const sorted = (groups: [string, string][]) => groups.map((group) => group.join(" ")).sort();

describe("the registry's pages", () => {
  test("are one for each resource and data source, and one for the provider", () => {
    const found = Object.keys(files).filter((file) => /^docs\/(index\.md|resources\/|data-sources\/)/.test(file));
    expect(found.sort()).toEqual(["docs/index.md", ...pages.map(({ file }) => file)].sort());
  });

  test.each(pages)("$file has every attribute in the group that the schema gives it, and no other", (page) => {
    expect(sorted(groupsByPage(files[page.file] ?? ""))).toEqual(sorted(groupsBySchema(page.attributes)));
  });

  test.each(pages)("$file opens with what the registry reads, and its links lead somewhere", ({ file, title }) => {
    const text = files[file] ?? "";
    expect(text).toMatch(/^---\npage_title: "[^"\n]+"\nsubcategory: ""\ndescription: \|-\n {2}\S[^\n]*\n---\n/);
    expect(text).toContain(`page_title: "${title}"`);
    const anchors = new Set([...text.matchAll(/<a id="([^"]+)">/g)].map(([, id]) => id));
    const links = [...text.matchAll(/\(#([^)]+)\)/g)].map(([, id]) => id);
    expect(links.filter((id) => !anchors.has(id))).toEqual([]);
    expect(links.length).toBe(anchors.size);
  });

  test("the provider's page has its settings, and leads to the guide", () => {
    const text = files["docs/index.md"] ?? "";
    for (const name of Object.keys(schema.provider.block.attributes)) expect(text).toContain(`\`${name}\``);
    const links = [...text.matchAll(/\]\(([^)#]+\.md)\)/g)].map(([, link]) => join(root, "docs", link ?? ""));
    expect(links.length).toBeGreaterThan(0);
    expect(links.filter((link) => !existsSync(link))).toEqual([]);
  });

  test.each(pages)("$file gives examples of quantities that lie within their bounds", ({ file }) => {
    const quantity = /(size|rate|duration), such as `"([^"]+)"`/;
    const kinds = { size: "bytes", rate: "rate", duration: "duration" } as const;
    const lines = (files[file] ?? "").split("\n").filter((line) => quantity.test(line));
    const read = (text: string, kind: string) => parseQuantity(text, kinds[kind as keyof typeof kinds]);
    for (const line of lines) {
      const [, kind = "", example = ""] = quantity.exec(line) ?? [];
      const bound = (words: RegExp, otherwise: number) => {
        const text = words.exec(line)?.[1];
        const parsed = text === undefined ? undefined : read(text, kind);
        return parsed?.ok === true ? parsed.value : otherwise;
      };
      const given = read(example, kind);
      const value = given.ok ? given.value : Number.NaN;
      expect([line, value >= bound(/[Aa]t least (\w+)/, 0)]).toEqual([line, true]);
      expect([line, value <= bound(/[Aa]t most (\w+)/, Number.POSITIVE_INFINITY)]).toEqual([line, true]);
    }
  });

  test("speak of fields as Terraform spells them", () => {
    const ours = Object.entries(files)
      .filter(([file]) => /^docs\/(index\.md|resources\/|data-sources\/)/.test(file))
      .flatMap(([file, text]) =>
        [...text.matchAll(/`[a-z]+[A-Z][A-Za-z]*`|leea:credentials|logical name/g)].map(([word]) => `${file}: ${word}`),
      );
    expect(ours).toEqual([]);
  });
});

describe("the examples of the pages", () => {
  test("are files of their own, in the folders that the registry's tools know", () => {
    for (const resource of resources) {
      const page = files[`docs/resources/${resource.token}.md`] ?? "";
      const example = files[`examples/resources/leea_${resource.token}/resource.tf`] ?? "none";
      expect(page).toContain(`\`\`\`terraform\n${example}\`\`\``);
      expect(page).toContain(files[`examples/resources/leea_${resource.token}/import.sh`] ?? "none");
    }
  });

  test("every guide opens with what the registry reads", () => {
    const guide = readFileSync(join(root, "docs/guides/pulumi-hcl-cdk.md"), "utf8");
    expect(guide).toMatch(/^---\npage_title: "[^"\n]+"\nsubcategory: ""\ndescription: \|-\n {2}\S/);
  });
});
