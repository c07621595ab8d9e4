// The bench runs from end to end and leaves nothing behind. What it measures is no test's business.

import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { readLab } from "../../provider/cli/lab/lab";

const run = promisify(execFile);
const checkout = join(__dirname, "..", "..");

test("a quick run of the agent's rows fills each of them, and its hosts are gone afterwards", async () => {
  const program = join(checkout, "provider", "dist", "leea.cjs");
  const words = ["bench", "--only", "agent", "--quick", "--no-peers"];
  const { stdout } = await run(process.execPath, [program, ...words], { cwd: checkout });
  const report = JSON.parse(readFileSync(join(checkout, ".leea", "bench-quick.json"), "utf8")) as {
    rows: { row: string; leea: number | null; n: number }[];
  };
  expect(report.rows.length).toBeGreaterThan(6);
  for (const { row, leea, n } of report.rows) {
    expect(leea).toBeGreaterThan(0);
    expect(n).toBeGreaterThan(0);
    expect(stdout).toContain(row);
  }
  expect([readLab("bench-agent"), readLab("bench-full")]).toEqual(["absent", "absent"]);
}, 300_000);
