// Says once more, after everything else, which tests failed and why: what people look for first in a long output. Pure.

import { stripVTControlCharacters } from "node:util";

/** Most lines of a test's own words; a comparison of two hosts fills pages. */
const mostLines = 30;

/**
 * What failed in one jest run, from its JSON report, undefined if it wrote none: a text for each failed test and for each
 * file that broke before its first, with the file's place under `root` and without stack frames.
 */
export function describeFailedTests(report, root) {
  return (report?.testResults ?? []).flatMap((file) => {
    const place = file.name.replace(`${root}/`, "");
    const failed = file.assertionResults.filter(({ status }) => status === "failed");
    if (failed.length > 0)
      return failed.map(({ fullName, failureMessages }) =>
        describe(`${place} › ${fullName}`, failureMessages.join("\n")),
      );
    return file.status === "failed" ? [describe(place, file.message)] : [];
  });
}

function describe(name, message) {
  const lines = stripVTControlCharacters(message)
    .split("\n")
    .filter((line) => line.trim() !== "" && !/^\s+at /.test(line));
  const left = lines.length - mostLines;
  const shown = [...lines.slice(0, mostLines), ...(left > 0 ? [`… ${left} more lines above`] : [])];
  return [`FAILED ${name}`, ...shown.map((line) => `    ${line}`)].join("\n");
}
