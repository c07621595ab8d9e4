// Every source file opens by saying what it is: one to five comment lines (more where a diagram stands there).

import { listSources, readText } from "./checkout-files";

const headOf = (text: string) => text.replace(/^#!.*\n/, "");

describe("file heads", () => {
  test("every source file opens with a comment that says what it is", () => {
    const silent = listSources(["schema", "provider", "sdk", "setup", "tests"]).filter(
      (file) => !/^(\/\/ \S|\/\*)/.test(headOf(readText(file))),
    );
    expect(silent).toEqual([]);
  });
});
