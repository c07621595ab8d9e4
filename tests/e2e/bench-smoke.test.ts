// The bench runs from end to end and leaves nothing behind. What it measures is no test's business.

import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { readLab } from "../../provider/cli/lab/lab";
import { runSetupCode } from "../unit/setup/run-setup-code";
import { clisHere } from "../unit/terraform/rig/clis";

const run = promisify(execFile);
const checkout = join(__dirname, "..", "..");

interface Row {
  readonly row: string;
  readonly leea: number | null;
  readonly n: number;
}

/** The rows of a quick run of one group, all of them filled and printed. */
async function measure(group: string, env: NodeJS.ProcessEnv = {}): Promise<readonly Row[]> {
  const program = join(checkout, "provider", "dist", "leea.cjs");
  const words = ["bench", "--only", group, "--quick", "--no-peers"];
  const { stdout } = await run(process.execPath, [program, ...words], {
    cwd: checkout,
    env: { ...process.env, ...env },
  });
  const report = readFileSync(join(checkout, ".leea", "bench-quick.json"), "utf8");
  const { rows } = JSON.parse(report) as { readonly rows: readonly Row[] };
  for (const { row, leea, n } of rows) {
    expect(leea).toBeGreaterThan(0);
    expect(n).toBeGreaterThan(0);
    expect(stdout).toContain(row);
  }
  return rows;
}

test("a quick run of the agent's rows fills each of them, and its hosts are gone afterwards", async () => {
  expect((await measure("agent")).length).toBeGreaterThan(6);
  expect([readLab("bench-agent"), readLab("bench-full")]).toEqual(["absent", "absent"]);
}, 300_000);

/** The packaged provider and the one that does nothing, as `npm run bench` makes them ready. */
function makeProviders(): NodeJS.ProcessEnv {
  const body = `
    const steps = { run: (_name, work) => work({ say() {}, announce() {} }) };
    const { program } = await it.ensureMirror(steps);
    const { ensureTrivialProvider } = await import(input);
    return { LEEA_BENCH_PROVIDER: program, LEEA_BENCH_TRIVIAL_PROVIDER: ensureTrivialProvider(program) };`;
  const trivial = join(checkout, "setup/needs/trivial-provider.mjs");
  return runSetupCode("package/mirror.mjs", body, trivial) as NodeJS.ProcessEnv;
}

// Either will do.
const testWithCli = clisHere.length > 0 ? test : test.skip;

testWithCli(
  "a quick run of the plan's rows fills each of them, whatever the person's TF_ settings are, and its hosts are gone afterwards",
  async () => {
    const rows = await measure("plan", {
      ...makeProviders(),
      TF_CLI_ARGS_plan: "-no-such-option",
      TF_DATA_DIR: "/nowhere",
    });
    expect(rows.map(({ row }) => row)).toEqual([
      "provider start to listening",
      "plan of 200 resources and no change",
      "plan of 200 resources that asks no host",
      "provider memory in a plan of 200 resources",
    ]);
    expect(readLab("bench-plan")).toBe("absent");
  },
  900_000,
);
