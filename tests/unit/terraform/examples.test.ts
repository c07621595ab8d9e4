// The examples that people copy, run by the real Terraform over hosts in memory: HCL and both CDKs tell one story. What the
// registry's pages and the guide show is a configuration that Terraform takes.

import { copyFileSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { generateFiles } from "../../../schema/generate";
import { labFileText, synthesisDeadlineMs, synthesize } from "../cdk/synthesize";
import { describeWithAnyCli } from "./rig/clis";
import { type FakeProvider, startFakeProvider } from "./rig/fake-provider";
import { TerraformFolder } from "./rig/terraform-cli";

const root = join(__dirname, "../../..");

let fake: FakeProvider;
let terraform: TerraformFolder;

/** One example: makes the configuration of a placement stand in the fake provider's folder; resolves to words for Terraform. */
type Place = (placement: string) => string[];

const placeHcl: Place = (placement) => {
  copyFileSync(join(root, "examples/terraform/main.tf"), join(fake.folder, "main.tf"));
  return ["-var", `placement=${placement}`, "-var", "lab_file=lab.json", ...files];
};

const placeCdk =
  (kit: string): Place =>
  (placement) => {
    const stack = synthesize(kit, { folder: fake.folder, labFile: join(fake.folder, "lab.json"), placement });
    for (const name of readdirSync(stack)) copyFileSync(join(stack, name), join(fake.folder, name));
    return files;
  };

const files = ["-var", "kernel=./vmlinuz", "-var", "initrd=./vmlinuz"];

const examples: readonly (readonly [string, Place])[] = [
  ["terraform", placeHcl],
  ["cdktf", placeCdk("cdktf")],
  ["cdktn", placeCdk("cdktn")],
];

describeWithAnyCli("the examples", () => {
  jest.setTimeout(3 * synthesisDeadlineMs);

  beforeEach(async () => {
    fake = await startFakeProvider(["a", "b", "c"]);
    terraform = new TerraformFolder(fake);
    writeFileSync(join(fake.folder, "lab.json"), labFileText({ a: "a", b: "b", c: "c" }));
  });

  afterEach(() => fake.stop());

  const vmsOn = (host: string) => [...fake.world.host(host).vms.keys()];

  async function succeed(run: Promise<{ status: number; output: string }>): Promise<string> {
    const { status, output } = await run;
    expect([status, output]).toEqual([0, expect.any(String)]);
    return output;
  }

  test.each(examples)(
    "%s: makes three hosts and a VM, moves it by another placement, and leaves nothing",
    async (_name, place) => {
      const atFirst = place("a");
      await succeed(terraform.run("init", "-no-color"));
      await succeed(terraform.apply(...atFirst));
      const [vmId] = vmsOn("a");
      expect(vmId).toEqual(expect.any(String));
      expect(await terraform.planned(...atFirst)).toEqual([]);

      const moved = place("b");
      expect(await terraform.planned(...moved)).toEqual(["leea_vm.web update"]);
      const output = await succeed(terraform.apply(...moved));
      expect(output).toContain("web: moves live from a to b");
      expect([vmsOn("a"), vmsOn("b")]).toEqual([[], [vmId]]);
      expect(await terraform.planned(...moved)).toEqual([]);

      await succeed(terraform.run("destroy", "-auto-approve", "-no-color", ...moved));
      for (const host of ["a", "b", "c"]) expect([vmsOn(host), fake.world.host(host).hasAgent]).toEqual([[], false]);
    },
  );

  test("those of the registry's pages are one configuration that Terraform takes", async () => {
    const shown = Object.entries(generateFiles()).filter(([file]) => file.endsWith(".tf"));
    expect(shown.length).toBeGreaterThan(4);
    writeFileSync(join(fake.folder, "main.tf"), shown.map(([, text]) => text).join("\n"));
    writeFileSync(join(fake.folder, "noble.qcow2"), "image");
    await succeed(terraform.run("validate", "-no-color"));
    await succeed(terraform.run("fmt", "-check", "-diff"));
  });

  test("that of the guide is one that Terraform takes, and formatted as Terraform would", async () => {
    const guide = readFileSync(join(root, "docs/guides/pulumi-hcl-cdk.md"), "utf8");
    const [, hcl = ""] = /```terraform\n([\s\S]*?)```/.exec(guide) ?? [];
    writeFileSync(join(fake.folder, "main.tf"), hcl);
    await succeed(terraform.run("validate", "-no-color"));
    await succeed(terraform.run("fmt", "-check", "-diff"));
  });
});
