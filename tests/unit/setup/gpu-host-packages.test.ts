// Of which packages the emulated GPU host is made: read from apt's lists, whatever those hold. A stand-in for apt-cache
// prints them.

import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runSetupCode } from "./run-setup-code";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "leea-apt-cache-"));
});

afterEach(() => rmSync(folder, { recursive: true }));

/** Makes `apt-cache` print the text, and runs a call of debian-index.mjs. */
function ask(call: string, text: string): unknown {
  writeFileSync(join(folder, "text"), text);
  writeFileSync(join(folder, "apt-cache"), `#!/bin/sh\ncat '${folder}/text'\n`);
  chmodSync(join(folder, "apt-cache"), 0o755);
  const body = `return ${call}.catch((problem) => ({ problem: problem.message, hint: problem.hint }))`;
  return runSetupCode("needs/gpu-host/debian-index.mjs", body, {}, { PATH: `${folder}:${process.env["PATH"]}` });
}

const stanza = (version: string, release: string) =>
  `Package: linux-image-amd64\nVersion: ${version}\nDepends: linux-image-${release} (= ${version})\nSize: 1`;

describe("the host's kernel", () => {
  test("is the newest that the lists have, with its headers and its source", () => {
    const text = `${stanza("6.12.9-1~bpo12+1", "6.12.9+deb12-amd64")}\n\n${stanza("6.1.2-3", "6.1.0-56-amd64")}\n`;
    expect(ask("it.findHostKernel()", text)).toEqual({
      release: "6.12.9+deb12-amd64",
      version: "6.12.9-1~bpo12+1",
      image: "linux-image-6.12.9+deb12-amd64",
      headers: "linux-headers-6.12.9+deb12-amd64",
      source: "linux-source-6.12",
    });
  });

  test("is asked for in words where the lists have none", () => {
    expect(ask("it.findHostKernel()", "")).toEqual({
      problem: expect.stringContaining("linux-image-amd64"),
      hint: expect.stringContaining("apt-get update"),
    });
  });
});

describe("a package", () => {
  test("that has no version to install is named", () => {
    const there = "make:\n  Installed: (none)\n  Candidate: 4.3-4.1\n";
    const gone = "gone:\n  Installed: 1.0\n  Candidate: (none)\n";
    expect(ask('it.findVersions(["make", "gone"])', there + gone)).toMatchObject({
      problem: expect.stringContaining("gone"),
    });
    expect(ask('it.findVersions(["make"]).then((all) => [...all])', there)).toEqual([["make", "4.3-4.1"]]);
  });

  test("depends on the first of its alternatives", () => {
    const depends =
      "Depends: linux-base (>= 4.12~), linux-image-a (= 1) | linux-image-a-unsigned (= 1), libelf1:any, gcc-12";
    const text = `Package: headers\nVersion: 1\n${depends}\n\nPackage: headers\nVersion: 0\nDepends: old\n`;
    expect(ask('it.findDependencies("headers", "1")', text)).toEqual([
      "linux-base",
      "linux-image-a",
      "libelf1",
      "gcc-12",
    ]);
    expect(ask('it.findDependencies("headers", "2")', text)).toMatchObject({
      problem: expect.stringContaining("headers 2"),
    });
  });
});
