// Where Debian's backports are taken from: the system's own mirror and key, in either of apt's formats.

import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runSetupCode } from "./run-setup-code";

let apt: string;

beforeEach(() => {
  apt = mkdtempSync(join(tmpdir(), "leea-apt-"));
  mkdirSync(join(apt, "sources.list.d"));
});

afterEach(() => rmSync(apt, { recursive: true }));

const write = (name: string, lines: readonly string[]) => writeFileSync(join(apt, name), `${lines.join("\n")}\n`);

const addSuite = (codename: string) =>
  runSetupCode("needs/debian/apt-sources.mjs", "it.ensureBackportsSource(input.suite, input.apt, input.codename)", {
    suite: `${codename}-backports`,
    codename,
    apt,
  });

const added = () =>
  readFileSync(join(apt, "sources.list.d/leea-bookworm-backports.sources"), "utf8")
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"));

describe("the backports source", () => {
  test("has the mirror and key of a stanza in .sources format", () => {
    write("sources.list.d/debian.sources", [
      "# a note",
      "Types: deb",
      "URIs: http://mirror.example/debian",
      "Suites: bookworm bookworm-updates",
      "Components: main contrib",
      "Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg",
      "",
      "Types: deb",
      "URIs: http://mirror.example/debian-security",
      "Suites: bookworm-security",
      "Components: main",
    ]);
    addSuite("bookworm");
    expect(added()).toEqual([
      "Types: deb",
      "URIs: http://mirror.example/debian",
      "Suites: bookworm-backports",
      "Components: main",
      "Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg",
    ]);
  });

  test("has the mirror of a line in sources.list", () => {
    write("sources.list", [
      "# deb http://old.example/debian bookworm main",
      "deb-src http://source.example/debian bookworm main",
      "deb [arch=amd64 signed-by=/etc/key.gpg] http://line.example/debian bookworm main",
    ]);
    addSuite("bookworm");
    expect(added()).toContain("URIs: http://line.example/debian");
    expect(added()).toContain("Signed-By: /etc/key.gpg");
  });

  test("is not added where some source names the suite", () => {
    write("sources.list", ["deb http://line.example/debian bookworm-backports main"]);
    addSuite("bookworm");
    expect(readdirSync(join(apt, "sources.list.d"))).toEqual([]);
  });

  test("is not guessed where the release's own source is unknown", () => {
    write("sources.list", ["deb http://line.example/other someday main"]);
    expect(() => addSuite("bookworm")).toThrow(/No source of bookworm main/);
  });
});
