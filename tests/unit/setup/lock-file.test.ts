// The lock file of a working folder after the checkout's provider was built anew: its hash there is today's, and all else is
// as it was.

import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runSetupCode } from "./run-setup-code";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "leea-lock-"));
});

afterEach(() => rmSync(folder, { recursive: true }));

const lockFile = () => join(folder, ".terraform.lock.hcl");
const blockOf = (address: string, version: string, hashes: readonly string[]) => `
provider "${address}" {
  version     = "${version}"
  constraints = "${version}"
  hashes = [
${hashes.map((hash) => `    "${hash}",\n`).join("")}  ]
}
`;
const heading =
  '# This file is maintained automatically by "terraform init".\n# Manual edits may be lost in future updates.\n';
// The sum that golang.org/x/mod/sumdb/dirhash gives of one file `a` that says "x": sha256 of its line, in base64.
const files = [{ name: "a", text: "x" }];
const todays = "h1:SkuHSh6XdqUuOP2CoFOCXzCfRhh6gDoPwMZnDGZw52g=";

const accept = (text: string): boolean => {
  writeFileSync(lockFile(), text);
  return runSetupCode("terraform/lock-file.mjs", "return it.acceptPackage(input.folder, input)", {
    folder,
    version: "1.2.3",
    files,
  }) as boolean;
};

describe("the lock file", () => {
  test("has today's hash of leea in place of an earlier one, for either CLI, and of nothing else", () => {
    const other = blockOf("registry.terraform.io/hashicorp/random", "1.2.3", ["h1:other", "zh:other"]);
    const textWith = (hashes: readonly string[]) =>
      heading +
      other +
      blockOf("registry.opentofu.org/leea/leea", "1.2.3", hashes) +
      blockOf("registry.terraform.io/leea/leea", "1.2.3", hashes);
    expect(accept(textWith(["h1:earlier", "zh:earlier"]))).toBe(true);
    expect(readFileSync(lockFile(), "utf8")).toBe(textWith([todays]));
    expect(readdirSync(folder)).toEqual([".terraform.lock.hcl"]);
  });

  test.each([
    ["another version of leea", blockOf("registry.terraform.io/leea/leea", "1.2.4", ["h1:earlier"])],
    ["somebody else's leea", blockOf("registry.example.com/leea/leea", "1.2.3", ["h1:earlier"])],
    ["today's hash among others", blockOf("registry.terraform.io/leea/leea", "1.2.3", ["h1:another", todays])],
  ])("is not touched where it has %s", (_what, block) => {
    expect(accept(heading + block)).toBe(false);
    expect(readFileSync(lockFile(), "utf8")).toBe(heading + block);
  });

  test("is not made where there is none", () => {
    const input = { folder, version: "1.2.3", files };
    expect(runSetupCode("terraform/lock-file.mjs", "return it.acceptPackage(input.folder, input)", input)).toBe(false);
    expect(readdirSync(folder)).toEqual([]);
  });

  test.each([
    [[], "/home/me"],
    [["plan", "-chdir=no"], "/home/me"],
    [["-chdir=stack", "plan"], "/home/me/stack"],
    [["-help", "-chdir=/else/where", "plan"], "/else/where"],
  ])("is looked for where the CLI works with the arguments %j", (args, expected) => {
    const input = { args, cwd: "/home/me" };
    expect(runSetupCode("terraform/lock-file.mjs", "return it.workingFolder(input.args, input.cwd)", input)).toBe(
      expected,
    );
  });
});
