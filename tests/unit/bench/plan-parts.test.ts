// The parts of the plan's rows that need no host: in which order hosts are asked, what a CLI is told, and that a watch of
// memory keeps nobody waiting.

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { watchMemory } from "../../../provider/cli/bench/plan/process-memory";
import { interleave } from "../../../provider/cli/bench/plan/round-trips";
import { openBench } from "../../../provider/cli/bench/rig/bench";
import { makeTerraformProgram } from "../../../provider/cli/bench/rig/terraform-program";

test("hosts are asked in turns, however many VMs each has", () => {
  expect(interleave([["a1", "a2", "a3"], ["b1"], [], ["c1", "c2"]])).toEqual(["a1", "b1", "c1", "a2", "c2", "a3"]);
  expect(interleave([])).toEqual([]);
});

describe("a CLI of the bench", () => {
  const environment = { ...process.env };
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "leea-bench-"));
    mkdirSync(join(folder, "programs"));
  });

  afterEach(() => {
    process.env = { ...environment };
    rmSync(folder, { recursive: true });
  });

  /** A CLI that is first on PATH. */
  const installCli = (lines: readonly string[]) => {
    writeFileSync(join(folder, "programs/tofu"), ["#!/bin/sh", ...lines, ""].join("\n"), { mode: 0o755 });
    process.env["PATH"] = `${join(folder, "programs")}${delimiter}${process.env["PATH"] ?? ""}`;
    const { bench } = openBench({ root: folder, folder } as never, { quick: true, tell: () => undefined });
    return makeTerraformProgram(bench, { name: "plan", source: "", providers: {} });
  };

  test("is told nothing of what the person told other runs of it, and where its provider is", async () => {
    const program = installCli(["env >told"]);
    const theirs = { TF_CLI_ARGS_plan: "-lock=false", TF_LOG: "trace", TF_DATA_DIR: "/x", TF_VAR_kernel: "/x" };
    Object.assign(process.env, theirs, { LEEA_CREDENTIALS: "{}", HOME: "/home/theirs" });
    await program.run(["plan"]);
    const told = readFileSync(join(program.folder, "told"), "utf8").split("\n");
    expect(told.filter((line) => /^(TF_|LEEA_CRED)/.test(line))).toEqual([
      `TF_CLI_CONFIG_FILE=${join(program.folder, "cli.tfrc")}`,
    ]);
    expect(told).toContain("HOME=/home/theirs");
  });

  test("that fails says why", async () => {
    const program = installCli(["echo 'Error: no such host' >&2", "exit 1"]);
    await expect(program.run(["plan"])).rejects.toMatchObject({
      code: "COMMAND_FAILED",
      message: expect.stringContaining("no such host"),
    });
  });
});

test("a watch of memory that nobody stops keeps no process alive", () => {
  const timers = () => process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
  const before = timers();
  const watch = watchMemory(process.pid);
  const during = timers();
  expect([watch.stop(), during]).toEqual([0, before]);
});
