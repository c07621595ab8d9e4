// `npm run check`: everything that can be said of the code without running it. All checks run; then all failures are
// shown, each with how to mend it.

import { globSync } from "node:fs";
import { makeBundles } from "../bundles.mjs";
import { staleFiles } from "../generated.mjs";
import { ROOT } from "../paths.mjs";
import { runCaptured } from "../run-command.mjs";
import { createSteps } from "../step.mjs";

const ZONES = ["schema", "provider", "sdk", "tests"];

/** Name, the command (or function) that is the check, and what mends it. */
const CHECKS = [
  { name: "bundles", run: checkBundles, mend: "each message names file and line" },
  { name: "format", command: ["biome", "check", "."], mend: "npm run format" },
  { name: "lint", command: ["oxlint"], mend: "each message names its rule; `npx oxlint --fix` mends some" },
  { name: "types", command: ["tsc", "-b"], mend: "each message names file and line" },
  { name: "example types", run: checkExamples, mend: "each message names file and line" },
  {
    name: "arrows",
    command: ["depcruise", "--config", ".dependency-cruiser.cjs", ...ZONES],
    mend: "the rule's comment in .dependency-cruiser.cjs gives the reason; move the code, do not bend the rule",
  },
  { name: "dead code", command: ["knip"], mend: "delete it, or use it" },
  { name: "generated", run: checkGenerated, mend: "npm run generate" },
];

/** Runs the verb; resolves to 1 if anything failed. */
export async function run() {
  const steps = createSteps({ tellReady: true });
  const failures = [];
  for (const check of CHECKS) {
    await steps.run(check.name, async () => {
      const { status, output } = await (check.run ?? runTool)(check);
      if (status === 0) return "ok";
      failures.push({ ...check, output });
      return "FAILED";
    });
  }
  for (const { name, output, mend } of failures) {
    console.error(`\n--- ${name}\n${output.trim()}\n--- to mend ${name}: ${mend}`);
  }
  console.error(
    failures.length === 0 ? "\nAll checks passed" : `\n${failures.length} of ${CHECKS.length} checks failed`,
  );
  return failures.length === 0 ? 0 : 1;
}

function runTool({ command: [tool, ...args] }) {
  return runCaptured(tool, args, { cwd: ROOT, env: { ...process.env, FORCE_COLOR: "0" } });
}

// First, because the examples are checked against the SDK's built types.
async function checkBundles() {
  const { problems } = await makeBundles();
  const output = problems.map((one) => `${one.message}\n${one.detail ?? one.stack}`).join("\n");
  return { status: problems.length === 0 ? 0 : 1, output };
}

async function checkExamples() {
  for (const project of globSync("examples/*/tsconfig.json", { cwd: ROOT }).sort()) {
    const result = await runTool({ command: ["tsc", "-p", project] });
    if (result.status !== 0) return result;
  }
  return { status: 0, output: "" };
}

async function checkGenerated() {
  const stale = await staleFiles();
  const output = `Not what schema/ gives:\n${stale.map((file) => `  ${file}`).join("\n")}`;
  return stale.length === 0 ? { status: 0, output: "" } : { status: 1, output };
}
