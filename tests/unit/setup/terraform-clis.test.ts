// Terraform and OpenTofu: the machine's own come first, and nothing is built where one is there.

import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { runSetupCode } from "./run-setup-code";

let folder: string;
let env: NodeJS.ProcessEnv;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "leea-clis-"));
  for (const name of ["tofu", "terraform"]) writeFileSync(join(folder, name), "#!/bin/sh\n", { mode: 0o755 });
  env = { PATH: `${folder}${delimiter}${process.env["PATH"] ?? ""}`, LEEA_CACHE: join(folder, "cache") };
});

afterEach(() => rmSync(folder, { recursive: true }));

describe("the CLIs", () => {
  test("OpenTofu on PATH is used as it is", () => {
    const steps = "const steps = { run: (_name, work) => work({ say() {}, announce() {} }) };";
    const found = runSetupCode("needs/opentofu.mjs", `${steps} return it.ensureOpenTofu(steps);`, {}, env);
    expect(found).toBe(join(folder, "tofu"));
    expect(readdirSync(folder).sort()).toEqual(["terraform", "tofu"]);
  });

  test("an OpenTofu that is nowhere yet is not built for a test", () => {
    const bare = { ...env, PATH: "" };
    expect(runSetupCode("needs/opentofu.mjs", "return it.builtOpenTofuFolder()", {}, bare)).toBeNull();
    expect(readdirSync(folder).sort()).toEqual(["terraform", "tofu"]);
  });

  test("Terraform on PATH is used as it is", () => {
    expect(runSetupCode("needs/terraform.mjs", "return it.requireTerraform()", {}, env)).toBe(
      join(folder, "terraform"),
    );
  });

  test("the person's own values of the examples' variables win", () => {
    const guest = { kernel: "/test/kernel", initrd: "/test/initrd" };
    const told = runSetupCode("terraform/run-cli.mjs", 'return it.cliEnvironment("/cli.tfrc", input)', guest, {
      TF_VAR_kernel: "/my/kernel",
      TF_CLI_CONFIG_FILE: "/my.tfrc",
    });
    expect(told).toMatchObject({
      TF_VAR_kernel: "/my/kernel",
      TF_VAR_initrd: "/test/initrd",
      TF_CLI_CONFIG_FILE: "/cli.tfrc",
    });
  });

  test("hosts without WireGuard are sent the one that this machine has", () => {
    writeFileSync(join(folder, "wireguard-go"), "#!/bin/sh\n", { mode: 0o755 });
    const told = runSetupCode("terraform/run-cli.mjs", 'return it.cliEnvironment("/cli.tfrc", undefined)', {}, env);
    expect(told).toMatchObject({ LEEA_WIREGUARD_GO: join(folder, "wireguard-go") });
  });

  test("leea comes from the mirror under the default host of either, and nothing else does", () => {
    const text = runSetupCode("terraform/run-cli.mjs", "return it.cliConfiguration(input)", '/a "mirror"') as string;
    const addresses = '["registry.terraform.io/leea/leea","registry.opentofu.org/leea/leea"]';
    expect(text.replaceAll(/\s+/g, " ").trim()).toBe(
      `provider_installation { filesystem_mirror { path = "/a \\"mirror\\"" include = ${addresses} } direct { exclude = ${addresses} } }`,
    );
  });
});
