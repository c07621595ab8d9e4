// CDK Terrain's other languages: what `npm run build -- --languages` writes by jsii from the same classes. Python is compiled
// where this machine has one. Go is looked at alone: it is compiled in the module of whoever uses it.

import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runSetupCode } from "../setup/run-setup-code";

jest.setTimeout(300_000);

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "leea-languages-"));
  runSetupCode("cdk/languages.mjs", "return it.buildLanguages(input)", folder);
});

afterAll(() => rmSync(folder, { recursive: true }));

test("Python has a class of each resource, with the names that Terraform has", () => {
  const text = readFileSync(join(folder, "python/leea/vm/__init__.py"), "utf8");
  expect(text).toMatch(/^class Vm\($/m);
  expect(text).toContain("node_attribute: typing.Union");
  expect(readFileSync(join(folder, "python/leea/mesh_node/__init__.py"), "utf8")).toMatch(/^class MeshNode\($/m);
});

const python = spawnSync("python3", ["--version"], { stdio: "ignore" }).status === 0 ? test : test.skip;

python("Python compiles", () => {
  execFileSync("python3", ["-m", "compileall", "-q", join(folder, "python")]);
});

test("Go has a package of each resource, with what makes one", () => {
  const read = (name: string) => readFileSync(join(folder, "go/leea", name), "utf8");
  expect(read("vm/Vm.go")).toMatch(
    /^func NewVm\(scope constructs\.Construct, id \*string, config \*VmConfig\) Vm \{$/m,
  );
  expect(read("meshnode/MeshNode.go")).toMatch(/^func NewMeshNode\(/m);
});
