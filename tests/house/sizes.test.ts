// The size limits of CONTRIBUTING: a file, a folder, and the names that a folder grows when nobody decides.
// Function length and parameters are the linter's.

import { dirname } from "node:path";
import { listSources, readText } from "./checkout-files";

const sourceFolders = ["schema", "provider", "sdk", "setup"];
const fileLineLimit = 250;
const testFileLineLimit = 400;
const folderFileLimit = 12;
const emptyNames = /(^|[-/])(utils?|helpers?|common|managers?|misc|impl)([-./]|$)/;

const lineCount = (file: string) => readText(file).trimEnd().split("\n").length;

describe("sizes", () => {
  test("no source file is longer than its limit", () => {
    const tooLong = listSources([...sourceFolders, "tests"])
      .map((file) => ({ file, lines: lineCount(file) }))
      .filter(({ file, lines }) => lines > (file.startsWith("tests/") ? testFileLineLimit : fileLineLimit));
    expect(tooLong).toEqual([]);
  });

  test("no source folder holds more files than a reader can scan", () => {
    const counts = new Map<string, number>();
    for (const file of listSources(sourceFolders)) counts.set(dirname(file), (counts.get(dirname(file)) ?? 0) + 1);
    const tooFull = [...counts].filter(([, files]) => files > folderFileLimit);
    expect(tooFull).toEqual([]);
  });

  test("no file or folder has a name that says nothing", () => {
    expect(listSources([...sourceFolders, "tests"]).filter((file) => emptyNames.test(file))).toEqual([]);
  });
});
