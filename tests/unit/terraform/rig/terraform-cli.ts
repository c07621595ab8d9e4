// The real Terraform or OpenTofu, where this machine has one, driven against a provider of this process
// (TF_REATTACH_PROVIDERS). Where there is neither, there is nothing to drive, and the tests say so.

import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { anyCli, type Cli } from "./clis";
import type { FakeProvider } from "./fake-provider";
import { type PlanLine, plannedChanges, readPlan, readState, type StateResource } from "./read-plan";

/** Terraform needs a second; this is for a machine that is busy with other things, and only ends what hangs. */
const commandLimitMs = 100_000;

/** How a run of Terraform ended. */
export interface TerraformRun {
  readonly status: number;
  /** Standard output and error together. */
  readonly output: string;
}

/** The statuses of `plan -detailed-exitcode`. */
const planStatus = { empty: 0, failed: 1, changes: 2 } as const;

/** Terraform, or OpenTofu, in the folder of a fake provider. */
export class TerraformFolder {
  readonly fake: FakeProvider;
  private readonly cli: Cli;

  /** Unless a CLI is named, it is the one that this machine has. */
  constructor(fake: FakeProvider, cli: Cli = anyCli ?? "terraform") {
    this.fake = fake;
    this.cli = cli;
  }

  /** Writes `main.tf`: the provider's own block is put in front. */
  write(body: string, settings = 'owner = "acme/shop/prod"'): void {
    const head = `terraform {\n  required_providers {\n    leea = { source = "leea/leea" }\n  }\n}\nprovider "leea" {\n  ${settings}\n}\n`;
    writeFileSync(join(this.fake.folder, "main.tf"), `${head}${body}`);
  }

  /** Runs one command of Terraform. */
  run(...words: string[]): Promise<TerraformRun> {
    return this.start(...words).ended;
  }

  /**
   * Starts one command. `interrupt` is Ctrl-C. `ended` rejects where a signal ended it, and where it was killed because it
   * was not done in time.
   */
  start(...words: string[]): { readonly ended: Promise<TerraformRun>; readonly interrupt: () => void } {
    const child = spawn(this.cli, words, {
      cwd: this.fake.folder,
      env: this.environment(),
      stdio: ["ignore", "pipe", "pipe"],
      detached: true, // a process group of its own, so that a late one can be ended with all that it started
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (part: string) => (output += part));
    const ended = endOf(child).then(
      (status) => ({ status, output }),
      (why: Error) => {
        throw new Error(`${this.cli} ${words.join(" ")} ${why.message}:\n${output}`);
      },
    );
    return { ended, interrupt: () => void child.kill("SIGINT") };
  }

  apply(...words: string[]): Promise<TerraformRun> {
    return this.run("apply", "-auto-approve", "-no-color", ...words);
  }

  /** What a plan says, line by line: a whole plan, or the errors for which there is none. */
  async plan(...words: string[]): Promise<PlanLine[]> {
    return (await this.readPlan(words)).lines;
  }

  /** `ADDRESS action` of each planned change; none only where Terraform itself calls the plan empty. Throws the errors of a plan that failed. */
  async planned(...words: string[]): Promise<string[]> {
    const { lines, status, output } = await this.readPlan(words);
    const changes = plannedChanges(lines);
    if (changes.length === 0 && status !== planStatus.empty) throw new Error(`the plan is not empty:\n${output}`);
    return changes;
  }

  private async readPlan(words: readonly string[]): Promise<TerraformRun & { readonly lines: PlanLine[] }> {
    const run = await this.run("plan", "-json", "-detailed-exitcode", ...words);
    const lines = readPlan(run.output);
    const hasErrors = lines.some(({ diagnostic }) => diagnostic?.severity === "error");
    if (hasErrors !== (run.status === planStatus.failed))
      throw new Error(`a plan ended with ${run.status}, and that is not what it printed:\n${run.output}`);
    return { ...run, lines };
  }

  /** The resources of the state by address: their attributes and whether they are tainted. */
  state(): Record<string, StateResource> {
    return readState(readFileSync(join(this.fake.folder, "terraform.tfstate"), "utf8"));
  }

  private environment(): NodeJS.ProcessEnv {
    const { network, address } = this.fake.listening.address;
    const place = { Network: network, String: address };
    const reattach = {
      "leea/leea": { Protocol: "grpc", ProtocolVersion: 6, Pid: process.pid, Test: true, Addr: place },
    };
    return {
      ...process.env,
      CHECKPOINT_DISABLE: "1",
      TF_IN_AUTOMATION: "1",
      TF_CLI_CONFIG_FILE: "/dev/null",
      TF_REATTACH_PROVIDERS: JSON.stringify(reattach),
    };
  }
}

/** The exit status. Rejects where there is none, because a signal ended the program: ours, when it was late. */
function endOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      killGroup(child);
    }, commandLimitMs);
    child.once("error", reject);
    child.once("close", (status, signal) => {
      clearTimeout(timer);
      if (status !== null) resolve(status);
      else reject(new Error(isLate ? `was not done after ${commandLimitMs} ms` : `was ended by ${signal}`));
    });
  });
}

function killGroup({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) process.kill(-pid, "SIGKILL");
  } catch {
    // It has ended just now.
  }
}
