// Counts what a test run gave, so that no way of failing goes uncounted. Pure.

/**
 * {passed, failed, skipped} of one jest run, from what `readReport` gave and its exit status. A test file that breaks before
 * its first test is one failure; so is a run that ends badly without saying where.
 */
export function countResults(result, status) {
  if (result === undefined) return { passed: 0, failed: 1, skipped: 0 };
  const failed = result.numFailedTests + result.numRuntimeErrorTestSuites;
  return {
    passed: result.numPassedTests,
    failed: failed === 0 && status !== 0 ? 1 : failed,
    skipped: result.numPendingTests,
  };
}

/** jest's JSON report; undefined where it was cut short or never written. */
export function readReport(report) {
  try {
    return JSON.parse(report);
  } catch {
    return undefined;
  }
}
