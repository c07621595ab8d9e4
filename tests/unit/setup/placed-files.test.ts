// Files that a CLI may read while they are put there: whole at every time, with the bytes of one run, and nothing half done
// beside them.

import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runSetupCode, startSetupCode } from "./run-setup-code";

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "leea-placed-"));
});

afterEach(() => rmSync(root, { recursive: true }));

describe("a placed file", () => {
  test("is whole at every time while several runs write it, and nothing is left beside it", async () => {
    const input = { root, file: join(root, "below/file"), from: join(root, "from"), link: join(root, "below/link") };
    writeFileSync(input.from, "linked");
    const rounds = `
      const { readFileSync } = await import("node:fs");
      const seen = new Set();
      for (let round = 0; round < 200; round += 1) {
        it.putFile(input.root, input.file, String(round % 10).repeat(10_000), round % 2 === 0 ? 0o644 : 0o755);
        it.putLink(input.root, input.link, input.from, round % 2 === 0 ? 0o644 : 0o755);
        const text = readFileSync(input.file, "utf8") + readFileSync(input.link, "utf8");
        seen.add(text.length + " " + new Set(text.slice(0, 10_000)).size + " " + text.slice(10_000));
      }
      return [...seen];`;
    const all = await Promise.all([0, 1, 2].map(() => startSetupCode("files/placed-files.mjs", rounds, input)));
    expect(all).toEqual([["10006 1 linked"], ["10006 1 linked"], ["10006 1 linked"]]);
    expect(readdirSync(root).sort()).toEqual(["below", "from"]);
    expect(readdirSync(join(root, "below")).sort()).toEqual(["file", "link"]);
  });

  test("stands aside until it is whole: what a killed run left there is removed, what a running one has is not", () => {
    const ended = spawnSync("true").pid;
    for (const name of [`.new-${ended}`, `.new-${process.pid}`, "theirs"]) writeFileSync(join(root, name), "half");
    runSetupCode("files/placed-files.mjs", "it.removeHalfDone(input)", root);
    expect(readdirSync(root).sort()).toEqual([`.new-${process.pid}`, "theirs"]);
  });

  test("is no change where there is nothing yet to put files below", () => {
    const nowhere = join(root, "nowhere");
    runSetupCode("files/placed-files.mjs", "it.removeHalfDone(input)", nowhere);
    expect(existsSync(nowhere)).toBe(false);
  });

  test("takes the place of one that it was linked to, and leaves that one as it is", () => {
    const [from, file] = [join(root, "from"), join(root, "file")];
    writeFileSync(from, "first", { mode: 0o644 });
    runSetupCode("files/placed-files.mjs", "it.putLink(input.root, input.file, input.from, 0o644)", {
      root,
      file,
      from,
    });
    runSetupCode("files/placed-files.mjs", 'it.putFile(input.root, input.file, "second")', { root, file });
    expect([readFileSync(from, "utf8"), readFileSync(file, "utf8")]).toEqual(["first", "second"]);
  });
});
