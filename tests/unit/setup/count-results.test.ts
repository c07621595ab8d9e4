// The last line of `npm test` is what CI and people believe: every way of failing must reach it.

import { runSetupCode } from "./run-setup-code";

const clean = { numPassedTests: 5, numFailedTests: 0, numRuntimeErrorTestSuites: 0, numPendingTests: 0 };

const count = (report: string, status: number) =>
  runSetupCode("proofs/count-results.mjs", "return it.countResults(it.readReport(input.report), input.status)", {
    report,
    status,
  });

describe("the count of a test run", () => {
  test("is jest's own where all went well", () => {
    expect(count(JSON.stringify(clean), 0)).toEqual({ passed: 5, failed: 0, skipped: 0 });
  });

  test("has a failure for each failed test and each file that broke before its first", () => {
    const report = { ...clean, numFailedTests: 2, numRuntimeErrorTestSuites: 1, numPendingTests: 3 };
    expect(count(JSON.stringify(report), 1)).toEqual({ passed: 5, failed: 3, skipped: 3 });
  });

  test("has a failure for a run that ended badly without a failed test", () => {
    expect(count(JSON.stringify(clean), 1)).toMatchObject({ failed: 1 });
  });

  test.each([[""], ['{"numPassedTests": 5,']])("has a failure for a run without a whole report (%j)", (report) => {
    expect(count(report, 0)).toEqual({ passed: 0, failed: 1, skipped: 0 });
  });
});
