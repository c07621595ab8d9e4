// What counts as installed: npm's own list and the packages themselves, both as the lock file says.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runSetupCode } from "./run-setup-code";

const path = "node_modules/codec";
const wanted = { version: "1.0.0", integrity: "sha512-A" };
let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "leea-npm-"));
  mkdirSync(join(root, path), { recursive: true });
  writeFileSync(join(root, path, "package.json"), "{}");
  writeLists({ [path]: wanted });
});
afterEach(() => rmSync(root, { recursive: true }));

function writeLists(installed: object): void {
  const other = { "node_modules/other-platform": { ...wanted, optional: true } };
  writeFileSync(join(root, "package-lock.json"), JSON.stringify({ packages: { "": {}, [path]: wanted, ...other } }));
  writeFileSync(join(root, "node_modules/.package-lock.json"), JSON.stringify({ packages: installed }));
}

const isCurrent = () => runSetupCode("needs/npm-dependencies.mjs", "return it.isInstallCurrent(input)", root);

test("every package in its version is current, without those of other platforms", () => {
  expect(isCurrent()).toBe(true);
});

test("another version, and a package that npm did not install, are not", () => {
  writeLists({ [path]: { ...wanted, version: "0.9.0" } });
  expect(isCurrent()).toBe(false);
  writeLists({});
  expect(isCurrent()).toBe(false);
});

test("a package that is gone is not, although npm's list still has it", () => {
  rmSync(join(root, path), { recursive: true });
  expect(isCurrent()).toBe(false);
});
