// Counts what a test run gave, so that no way of failing goes uncounted. Pure.

/**
 * {passed, failed, skipped} of one jest run, from its JSON report (undefined if it wrote none) and its exit status.
 * A test file that breaks before its first test is one failure; so is a run that ends badly without saying where.
 */
export function countResults(report, status) {
  const result = parseReport(report);
  if (result === undefined) return { passed: 0, failed: 1, skipped: 0 };
  const failed = result.numFailedTests + result.numRuntimeErrorTestSuites;
  return {
    passed: result.numPassedTests,
    failed: failed === 0 && status !== 0 ? 1 : failed,
    skipped: result.numPendingTests,
  };
}

function parseReport(report) {
  try {
    return JSON.parse(report);
  } catch {
    // Cut short, or never written: the run broke.
    return undefined;
  }
}
