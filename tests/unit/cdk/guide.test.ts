// The guide that shows the same in Pulumi, HCL and CDK: its programs run, and say the same.

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import type { Fields } from "../../../schema/field";
import { attributeName } from "../../../schema/terraform/attribute-name";
import { vm } from "../../../schema/vm";
import { kits } from "./kits";

const root = join(__dirname, "../../..");
const guide = readFileSync(join(root, "docs/guides/pulumi-hcl-cdk.md"), "utf8");
const blocks = [...guide.matchAll(/```(\w+)\n([\s\S]*?)```/g)].map(([, language, text]) => ({ language, text }));
const programs = blocks.filter(({ language }) => language === "ts").map(({ text }) => text ?? "");

type Inputs = Readonly<Record<string, unknown>>;

let folder: string;

beforeEach(() => {
  mkdirSync(join(root, ".cache"), { recursive: true });
  folder = mkdtempSync(join(root, ".cache", "guide-"));
});

afterEach(() => rmSync(folder, { recursive: true }));

/** Runs a program of the guide in this test's own world, from a file in the checkout, where it finds its packages. */
function runProgram(text: string): void {
  const file = join(mkdtempSync(join(folder, "program-")), "main.ts");
  writeFileSync(file, text);
  jest.requireActual(file);
}

/** What the Pulumi program registers, by `<type> <name>`. */
async function inputsByPulumi(text: string): Promise<Record<string, Inputs>> {
  const registered: Record<string, Inputs> = {};
  const mocks: pulumi.runtime.Mocks = {
    newResource: ({ type, name, inputs }) => {
      registered[`${type.replace(/^.*:/, "")} ${name}`] = inputs as Inputs;
      return { id: `${name}-id`, state: inputs as Inputs };
    },
    call: () => ({}),
  };
  await pulumi.runtime.setMocks(mocks, "shop", "prod", false, "acme");
  runProgram(text);
  await pulumi.runtime.disconnect();
  return registered;
}

/** What the CDK program writes for Terraform, by type and name. */
function resourcesByCdk(text: string): Record<string, Record<string, Inputs>> {
  process.env["CDKTF_OUTDIR"] = folder;
  try {
    runProgram(text);
  } finally {
    delete process.env["CDKTF_OUTDIR"];
  }
  const written = JSON.parse(readFileSync(join(folder, "stacks/shop/cdk.tf.json"), "utf8")) as { resource: never };
  return written.resource;
}

/** Our names as Terraform spells them, at any depth. */
function spelled(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(spelled);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [attributeName(name), spelled(inner)]));
}

describe("the guide", () => {
  test("declares the same VM in Pulumi and in CDK", async () => {
    const [byPulumi = "", byCdk = ""] = programs;
    const { node, ...others } = (await inputsByPulumi(byPulumi))["VM web"] ?? {};
    const inputs: Fields = vm.inputs;
    const isSaid = ([name]: [string, unknown]) => inputs[name] !== undefined && inputs[name]?.internal !== true;
    const said = Object.fromEntries(Object.entries(others).filter(isSaid));
    const { "//": _metadata, ...written } = resourcesByCdk(byCdk)["leea_vm"]?.["web"] ?? {};
    expect(node).toBe("a-id");
    expect(written).toEqual({
      ...(spelled(said) as Inputs),
      name: "web",
      node: { id: "${leea_mesh_node.a.id}", ssh: "${leea_mesh_node.a.ssh}" },
    });
  });

  test("has a program for CDK for Terraform by the change of one word", () => {
    const [, byCdk = ""] = programs;
    const resources = resourcesByCdk(byCdk.replaceAll("cdktn", "cdktf"));
    expect(Object.keys(resources)).toEqual(["leea_mesh_node", "leea_vm"]);
    expect(kits.map(({ name }) => name)).toContain("cdktf");
  });

  test("declares in HCL the resources and outputs that it declares in CDK", () => {
    const hcl = blocks.find(({ language }) => language === "terraform")?.text ?? "";
    const declared = [...hcl.matchAll(/^resource "(\w+)" "(\w+)"/gm)].map(([, type, name]) => `${type}.${name}`);
    const byCdk = resourcesByCdk(programs[1] ?? "");
    expect(declared).toEqual(
      Object.entries(byCdk).flatMap(([type, named]) => Object.keys(named).map((name) => `${type}.${name}`)),
    );
  });
});
