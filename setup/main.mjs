// The one door of the checkout: `node setup/main.mjs <verb> [arguments]`; package.json's scripts call it.
// It must start on Node 20 with nothing installed, so nothing here or below imports a package at the top of a file.

import { ensureNpmDependencies } from "./needs/npm-dependencies.mjs";
import { isOnOurNode, putNpmProgramsFirst, rerunOnOurNode } from "./needs/our-node.mjs";
import { platformProblem } from "./platform.mjs";
import { exitStatusOf, Problem, printProblem } from "./problem.mjs";
import { createSteps } from "./step.mjs";

/** Verb to the file that runs it. Each exports `run(args, steps)` and resolves to the exit status. */
const VERBS = {
  setup: "./verbs/setup.mjs",
  start: "./verbs/start.mjs",
  lab: "./verbs/lab.mjs",
  pulumi: "./verbs/pulumi.mjs",
  tofu: "./terraform/tofu.mjs",
  terraform: "./terraform/terraform.mjs",
  leea: "./verbs/leea.mjs",
  test: "./verbs/test.mjs",
  check: "./verbs/check.mjs",
  bench: "./verbs/bench.mjs",
  faults: "./verbs/faults.mjs",
  simulate: "./proofs/simulate.mjs",
  build: "./verbs/build.mjs",
  package: "./verbs/package.mjs",
  generate: "./verbs/generate.mjs",
};

async function main([verb, ...args]) {
  const file = VERBS[verb];
  if (file === undefined) {
    throw new Problem(`Unknown verb "${verb ?? ""}"`, `One of: ${Object.keys(VERBS).join(", ")}`);
  }
  const problem = platformProblem();
  if (problem !== undefined) throw problem;
  const wasOnOurNode = isOnOurNode();
  // Only `setup` tells what is ready already: the others go straight to what was asked.
  const steps = createSteps({ tellReady: verb === "setup" && wasOnOurNode });
  await ensureNpmDependencies(steps);
  if (!wasOnOurNode) return rerunOnOurNode();
  putNpmProgramsFirst();
  const { run } = await import(file);
  return run(args, steps);
}

main(process.argv.slice(2)).then(
  (status) => {
    process.exitCode = status;
  },
  (error) => {
    printProblem(error);
    process.exitCode = exitStatusOf(error);
  },
);
