// The licences that travel with the bundles: of every package of which a bundle holds code, and of no other.

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runSetupCode } from "./run-setup-code";

const checkoutRoot = join(__dirname, "../../..");

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "leea-licenses-"));
});

afterEach(() => rmSync(root, { recursive: true }));

function writePackage(folder: string, about: object, files: Readonly<Record<string, string>>): void {
  mkdirSync(join(root, folder), { recursive: true });
  writeFileSync(join(root, folder, "package.json"), JSON.stringify(about));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(root, folder, name), text);
}

const textOf = (...folders: string[]) =>
  runSetupCode("package/npm-licenses.mjs", "return it.licensesText(input.folders, input.root)", {
    folders,
    root,
  }) as string;

describe("the licences of bundled packages", () => {
  test("are those of the packages that code was taken from, the innermost of nested ones", () => {
    const inputs = {
      "provider/main.ts": { bytesInOutput: 10 },
      "node_modules/one/index.js": { bytesInOutput: 10 },
      "node_modules/one/more.js": { bytesInOutput: 10 },
      "node_modules/@scope/two/node_modules/three/lib/index.js": { bytesInOutput: 10 },
      "node_modules/shaken-off/index.js": { bytesInOutput: 0 },
    };
    const found = runSetupCode("package/npm-licenses.mjs", "return it.packagesIn(input)", {
      outputs: { "<stdout>": { inputs } },
    });
    expect(found).toEqual(["node_modules/@scope/two/node_modules/three", "node_modules/one"]);
  });

  test("are told whole, whatever their files are called", () => {
    writePackage("a", { name: "a", version: "1.0.0", license: "MIT" }, { "LICENSE-MIT.txt": "terms of a" });
    writePackage("@s/b", { name: "@s/b", version: "2.0.0", license: "ISC" }, { licence: "terms of b" });
    writePackage("c", { name: "c", version: "3.0.0", license: "X" }, { COPYING: "terms of c", NOTICE: "notice of c" });
    writePackage("d", { name: "d", version: "4.0.0", license: "X" }, { UNLICENSE: "no terms", "license.js": "code" });
    const text = textOf("a", "@s/b", "c", "d");
    for (const words of ["a 1.0.0 (MIT)", "terms of a", "@s/b 2.0.0 (ISC)", "terms of b", "terms of c", "notice of c"])
      expect(text).toContain(words);
    expect(text).toContain("no terms");
    expect(text).not.toContain("code");
  });

  test("are named by package.json, with the author, where there is no file", () => {
    writePackage("a", { name: "a", version: "1.0.0", license: "MIT", author: { name: "Somebody" } }, {});
    expect(textOf("a")).toContain("a 1.0.0 (MIT, by Somebody)");
  });

  test("are taken from the end of a README where they stand in no other file", () => {
    const readme = "# a\n\nWhat it does.\n\nLicense\n-------\n\nterms of a\n";
    writePackage("a", { name: "a", version: "1.0.0", license: "MIT" }, { "README.md": readme });
    expect(textOf("a")).toContain("terms of a");
    expect(textOf("a")).not.toContain("What it does");
  });

  test("must be known: a package that tells none is refused by name", () => {
    writePackage("a", { name: "a", version: "1.0.0" }, { "index.js": "" });
    expect(() => textOf("a")).toThrow(/a 1\.0\.0 has neither a licence file nor a licence in its package\.json/);
  });

  test.each([["provider/terraform/main.ts"], ["provider/agent/main.ts"]])("are beside the bundle of %s", (entry) => {
    const folders = runSetupCode("bundles.mjs", "return (await it.bundleOf(input)).packages", { entry }) as string[];
    const text = readFileSync(join(checkoutRoot, "provider/dist/LICENSE.npm"), "utf8");
    expect(folders).toContain("node_modules/ajv");
    for (const folder of folders) {
      const { name, version } = JSON.parse(readFileSync(join(checkoutRoot, folder, "package.json"), "utf8"));
      expect(text).toContain(`\n${name} ${version} (`);
    }
  });
});
