// A long run's end names what failed: nobody should have to search thousands of lines for it.

import { runSetupCode } from "./run-setup-code";

const describeFailedTests = (report: unknown) =>
  runSetupCode("proofs/failed-tests.mjs", "return it.describeFailedTests(input.report, input.root)", {
    report,
    root: "/checkout",
  });

const test1 = { fullName: "a host is there", status: "passed", failureMessages: [] };
const test2 = {
  fullName: "a host is gone",
  status: "failed",
  failureMessages: ["Error: \u001b[31mit is not\u001b[39m\n\n    at Object.run (/checkout/tests/a.test.ts:3:1)"],
};

describe("what failed in a test run", () => {
  test("is each failed test with its file and its words, and nothing of those that passed", () => {
    const file = { name: "/checkout/tests/a.test.ts", status: "failed", message: "", assertionResults: [test1, test2] };
    expect(describeFailedTests({ testResults: [file] })).toEqual([
      "FAILED tests/a.test.ts › a host is gone\n    Error: it is not",
    ]);
  });

  test("is also what passed at its second try only, with the words of the first", () => {
    const flaky = { ...test1, retryReasons: ["Error: too late\n    at Object.run (/checkout/tests/a.test.ts:3:1)"] };
    const file = { name: "/checkout/tests/a.test.ts", status: "passed", message: "", assertionResults: [flaky] };
    expect(describeFailedTests({ testResults: [file] })).toEqual([
      "PASSED AT THE SECOND TRY tests/a.test.ts › a host is there\n    Error: too late",
    ]);
  });

  test("is a file that broke before its first test", () => {
    const file = {
      name: "/checkout/tests/b.test.ts",
      status: "failed",
      message: "Cannot find module 'x'",
      assertionResults: [],
    };
    expect(describeFailedTests({ testResults: [file] })).toEqual([
      "FAILED tests/b.test.ts\n    Cannot find module 'x'",
    ]);
  });

  test("is told in thirty lines, and how many there are above", () => {
    const words = Array.from({ length: 100 }, (_, index) => `line ${index}`).join("\n");
    const long = { ...test2, failureMessages: [words] };
    const file = { name: "/checkout/tests/a.test.ts", status: "failed", message: "", assertionResults: [long] };
    const [told] = describeFailedTests({ testResults: [file] }) as [string];
    expect(told.split("\n")).toHaveLength(32);
    expect(told).toMatch(/line 29\n {4}… 70 more lines above$/);
  });

  test.each([[null], [{ testResults: [] }]])("is nothing in a run without a failure or a report", (report) => {
    expect(describeFailedTests(report)).toEqual([]);
  });
});
