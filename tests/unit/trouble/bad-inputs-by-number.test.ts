// Every number of the list of bad inputs has a test that carries it in its name, in the files that the list names.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const tests = join(__dirname, "..", "..");
const rows = readFileSync(join(__dirname, "bad-inputs-by-number.md"), "utf8")
  .split("\n")
  .map((line) => /^\| (\d+) +\|.*\| ([^|]+?) +\|$/.exec(line))
  .filter((match) => match !== null)
  .map(([, number = "", files = ""]) => ({ number, files }));

/** The named files; one without a folder is beside the one before it. */
function filesOf(row: { readonly files: string }): readonly string[] {
  let folder = "";
  return row.files.split(", ").map((name) => {
    if (name.includes("/")) folder = name.slice(0, name.lastIndexOf("/") + 1);
    return join(tests, name.includes("/") ? `${name}.test.ts` : `${folder}${name}.test.ts`);
  });
}

test("the list has every number that was promised", () => {
  expect(rows.map(({ number }) => Number(number))).toEqual([
    1, 2, 3, 5, 6, 8, 9, 11, 12, 16, 18, 19, 20, 23, 24, 28, 29,
  ]);
});

test.each(rows)("bad input $number is in the name of a test of each file that is named for it", (row) => {
  for (const file of filesOf(row)) {
    const text = readFileSync(file, "utf8");
    expect({ file, isTested: new RegExp(`(test|describe|it|\\)\\().*\\n?.*#${row.number}\\b`).test(text) }).toEqual({
      file,
      isTested: true,
    });
  }
});

test("no test carries a number that the list lacks", () => {
  const known = new Set(rows.map(({ number }) => number));
  const files = readdirSync(tests, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".test.ts"));
  const stray = files.flatMap((name) =>
    [...readFileSync(join(tests, name), "utf8").matchAll(/(?:test|describe)\(\s*["`][^"`\n]*#(\d+)\b/g)]
      .filter(([, number = ""]) => !known.has(number))
      .map(([words]) => `${name}: ${words}`),
  );
  expect(stray).toEqual([]);
});
