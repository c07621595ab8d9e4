// Says once more, after everything else, which tests failed and why, and which passed at their second try only: what people
// look for first in a long output. Pure.

import { stripVTControlCharacters } from "node:util";

/** Most lines of a test's own words; a comparison of two hosts fills pages. */
const mostLines = 30;

/**
 * What failed in one jest run, from its JSON report, undefined if it wrote none: a text for each test that failed at any of
 * its tries and for each file that broke before its first, with the file's place under `root` and without stack frames.
 */
export function describeFailedTests(report, root) {
  return (report?.testResults ?? []).flatMap((file) => {
    const place = file.name.replace(`${root}/`, "");
    const told = file.assertionResults.flatMap((test) => describeTest(`${place} › ${test.fullName}`, test));
    const broke = file.status === "failed" && file.assertionResults.every(({ status }) => status !== "failed");
    return broke ? [...told, describe(`FAILED ${place}`, file.message)] : told;
  });
}

function describeTest(name, { status, failureMessages, retryReasons = [] }) {
  if (status === "failed") return [describe(`FAILED ${name}`, failureMessages.join("\n"))];
  return retryReasons.length === 0 ? [] : [describe(`PASSED AT THE SECOND TRY ${name}`, retryReasons.join("\n"))];
}

function describe(title, message) {
  const lines = stripVTControlCharacters(message)
    .split("\n")
    .filter((line) => line.trim() !== "" && !/^\s+at /.test(line));
  const left = lines.length - mostLines;
  const shown = [...lines.slice(0, mostLines), ...(left > 0 ? [`… ${left} more lines above`] : [])];
  return [title, ...shown.map((line) => `    ${line}`)].join("\n");
}
