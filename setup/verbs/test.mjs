// `npm test [-- unit | e2e | <pattern>]`: unit tests, then the ones that boot guests, one file at a time.
// Its last line sums up both: "N passed, N failed". A run that breaks before it can count is a failure.

import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { ensureBundles } from "../bundles.mjs";
import { environmentWith } from "../environment.mjs";
import { ensureEverything } from "../everything.mjs";
import { ROOT } from "../paths.mjs";
import { runAttached } from "../run-command.mjs";

const PROJECTS = { unit: [], e2e: ["--runInBand", "--verbose"] };
const REPORTS = join(ROOT, ".cache", "jest");

/** Runs the verb; resolves to 1 if a test failed, a file broke, or nothing was run. */
export async function run(args, steps) {
  const chosen = args[0] in PROJECTS ? [args[0]] : Object.keys(PROJECTS);
  const rest = args[0] in PROJECTS ? args.slice(1) : args;
  const env = await environmentFor(chosen, steps);
  mkdirSync(REPORTS, { recursive: true });
  const total = { passed: 0, failed: 0, skipped: 0 };
  for (const project of chosen) {
    const counts = await runProject(project, rest, env);
    for (const key of Object.keys(total)) total[key] += counts[key];
  }
  if (total.skipped > 0) console.log(`${total.skipped} skipped`);
  if (total.passed + total.failed === 0) console.log("No test matches");
  console.log(`${total.passed} passed, ${total.failed} failed`);
  return total.failed > 0 || total.passed === 0 ? 1 : 0;
}

async function environmentFor(projects, steps) {
  // Unit tests never boot anything: they must run where the lab cannot.
  if (projects.includes("e2e")) return ensureEverything(steps);
  await ensureBundles(steps);
  return environmentWith();
}

async function runProject(project, args, env) {
  const report = join(REPORTS, `${project}.json`);
  rmSync(report, { force: true });
  const own = [
    "--selectProjects",
    project,
    ...PROJECTS[project],
    "--json",
    `--outputFile=${report}`,
    "--passWithNoTests",
  ];
  // jest prints the JSON on stdout too; people read stderr.
  const status = await runAttached("jest", [...own, ...args], {
    cwd: ROOT,
    env,
    stdio: ["inherit", "ignore", "inherit"],
  });
  return countResults(report, status);
}

function countResults(report, status) {
  let result;
  try {
    result = JSON.parse(readFileSync(report, "utf8"));
  } catch {
    // No report: jest itself broke. That is one failure, whatever it was about to say.
    return { passed: 0, failed: 1, skipped: 0 };
  }
  const counted = result.numFailedTests + result.numRuntimeErrorTestSuites;
  return {
    passed: result.numPassedTests,
    // Jest can fail without a failed test, for example when a worker is killed.
    failed: counted === 0 && status !== 0 ? 1 : counted,
    skipped: result.numPendingTests,
  };
}
