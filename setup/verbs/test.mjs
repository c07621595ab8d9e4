// `npm test [-- unit | e2e | gpu | <pattern>]`: unit tests, then the ones that boot guests, one file at a time, then those on
// emulated GPU hosts (`npm run test:gpu` is these alone). `npm run test:terraform` is those of the second kind in which
// Terraform and OpenTofu drive hosts of the lab.
// It ends with each failed test and its words once more, and a last line that sums up all: "N passed, N failed". A run that
// breaks before it can count is a failure.

import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeBundles } from "../bundles.mjs";
import { environmentWith } from "../environment.mjs";
import { ensureEverything } from "../everything.mjs";
import { ensureGpuHost } from "../needs/gpu-host/ensure-gpu-host.mjs";
import { builtOpenTofuFolder } from "../needs/opentofu.mjs";
import { ROOT } from "../paths.mjs";
import { exitStatusOf, printProblem } from "../problem.mjs";
import { countResults, readReport } from "../proofs/count-results.mjs";
import { describeFailedTests } from "../proofs/failed-tests.mjs";
import { runAttached } from "../run-command.mjs";

// A busy machine is no failure: a unit test's limit only ends what hangs. A failed e2e test may leave a program or a
// watcher behind, which must not keep the run from its end.
const BOOTING = ["--runInBand", "--forceExit"];
const PROJECTS = { unit: ["--testTimeout=30000"], e2e: BOOTING, gpu: BOOTING };
const REPORTS = join(ROOT, ".cache", "jest");

/** What each project needs, made ready; resolves to its environment. */
const PREPARE = {
  // Unit tests never boot anything: they must run where the lab cannot.
  unit: () => environmentWith({ tofuFolder: builtOpenTofuFolder() }),
  e2e: (steps) => ensureEverything(steps, { withBundles: false }),
  gpu: async (steps) => {
    const env = await ensureEverything(steps, { withBundles: false });
    // Hosts that test files share live there and end with jest.
    const folder = mkdtempSync(join(realpathSync(tmpdir()), "leea-gpu-run-"));
    process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
    return { ...env, LEEA_GPU_HOST: await ensureGpuHost(steps), LEEA_GPU_RUN: folder };
  },
};

/** Runs the verb; resolves to 1 if a test failed, a file broke, or nothing was run. */
export async function run(args, steps) {
  const chosen = args[0] in PROJECTS ? [args[0]] : Object.keys(PROJECTS);
  const rest = args[0] in PROJECTS ? args.slice(1) : args;
  mkdirSync(REPORTS, { recursive: true });
  const total = { passed: 0, failed: await countBrokenBundles(), skipped: 0 };
  const failures = [];
  for (const project of chosen) {
    const { counts, told } = await prepareAndRun(project, rest, steps);
    for (const key of Object.keys(total)) total[key] += counts[key];
    failures.push(...told);
  }
  for (const told of failures) console.log(`\n${told}`);
  if (total.skipped > 0) console.log(`${total.skipped} skipped`);
  if (total.passed + total.failed === 0) console.log("No test matches");
  console.log(`${total.passed} passed, ${total.failed} failed`);
  return total.failed > 0 || total.passed === 0 ? 1 : 0;
}

async function countBrokenBundles() {
  const { problems } = await makeBundles();
  for (const problem of problems) printProblem(problem);
  return problems.length;
}

// What cannot be made ready is a failure to count, and no reason to keep back the tests that do not need it.
async function prepareAndRun(project, args, steps) {
  try {
    return await runProject(project, args, await PREPARE[project](steps));
  } catch (error) {
    if (exitStatusOf(error) !== 1) throw error;
    printProblem(error);
    return { counts: { passed: 0, failed: 1, skipped: 0 }, told: [] };
  }
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
  const result = readReport(existsSync(report) ? readFileSync(report, "utf8") : "");
  return { counts: countResults(result, status), told: describeFailedTests(result, ROOT) };
}
