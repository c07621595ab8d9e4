// One working folder of a real CLI: its settings, plugins and state lie in folders of the test and nowhere else, and leea's
// provider comes from its package. Every command has a deadline: one that is late is killed with all that it started.

import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runSetupCode } from "../../../unit/setup/run-setup-code";
import type { Cli } from "../../../unit/terraform/rig/clis";
import {
  type PlanLine,
  plannedChanges,
  readPlan,
  readState,
  type StateResource,
} from "../../../unit/terraform/rig/read-plan";
import { killTree } from "../../world/kill-tree";

/** A whole apply of three hosts and a VM takes a minute; this is for a machine that is busy with other things. */
const commandLimitMs = 300_000;

/** How a command ended. */
export interface CliRun {
  readonly status: number | null;
  readonly out: string;
  /** Standard output and error together. */
  readonly output: string;
}

/** Where a CLI works, and with what. */
export interface WorkspacePlace {
  readonly cli: Cli;
  /** Folder of the configuration; the commands run in it. */
  readonly folder: string;
  /** Folder for the CLI's own files. */
  readonly home: string;
  /** The mirror that the provider comes from. */
  readonly mirror: string;
  /** Values of the configuration's variables. */
  readonly variables: Readonly<Record<string, string>>;
}

/** A CLI in its folder. */
export class Workspace {
  private readonly place: WorkspacePlace;
  private readonly env: NodeJS.ProcessEnv;

  constructor(place: WorkspacePlace) {
    this.place = place;
    mkdirSync(place.home, { recursive: true });
    const configuration = join(place.home, "cli.tfrc");
    const text = runSetupCode("terraform/run-cli.mjs", "return it.cliConfiguration(input)", place.mirror);
    writeFileSync(configuration, text as string);
    this.env = environmentOf(place, configuration);
  }

  /** Runs a command to its end. */
  run(...words: string[]): Promise<CliRun> {
    return this.start(...words).ended;
  }

  /** Starts a command. `ended` rejects where it was late, and where it could not be started. */
  start(...words: string[]): { readonly child: ChildProcess; readonly ended: Promise<CliRun> } {
    const { cli, folder } = this.place;
    const child = spawn(cli, words, { cwd: folder, env: this.env, stdio: ["ignore", "pipe", "pipe"] });
    const text = { out: "", output: "" };
    const take = (part: string) => (text.output += part);
    child.stdout.setEncoding("utf8").on("data", (part: string) => (text.out += part));
    child.stdout.on("data", take);
    child.stderr.setEncoding("utf8").on("data", take);
    const ended = endOf(child).then(
      (status) => ({ status, ...text }),
      (why: Error) => {
        throw new Error(`${cli} ${words.join(" ")} ${why.message}:\n${text.output}`);
      },
    );
    return { child, ended };
  }

  /** What a command prints to standard output; another status than 0 fails the test with all that it said. */
  async succeed(...words: string[]): Promise<string> {
    const { status, out, output } = await this.run(...words);
    if (status === 0) return out;
    throw new Error(`${this.place.cli} ${words.join(" ")} ended with ${status}:\n${output}`);
  }

  init(): Promise<string> {
    return this.succeed("init", "-no-color");
  }

  apply(...words: string[]): Promise<string> {
    return this.succeed("apply", "-auto-approve", "-no-color", ...words);
  }

  destroy(...words: string[]): Promise<string> {
    return this.succeed("destroy", "-auto-approve", "-no-color", ...words);
  }

  /** What a plan says, line by line; it asks the hosts first. */
  async plan(...words: string[]): Promise<PlanLine[]> {
    return readPlan(await this.succeed("plan", "-json", ...words));
  }

  /** `ADDRESS action` of each change of a plan. */
  async planned(...words: string[]): Promise<string[]> {
    return plannedChanges(await this.plan(...words));
  }

  /** Fails unless a plan finds neither a resource nor an output to change. */
  async expectEmptyPlan(...words: string[]): Promise<void> {
    const { status, output } = await this.run("plan", "-detailed-exitcode", "-no-color", ...words);
    expect([status, output]).toEqual([0, expect.stringContaining("No changes.")]);
  }

  /** The resources of the state by their address. */
  async state(): Promise<Record<string, StateResource>> {
    return readState(await this.succeed("state", "pull"));
  }
}

/** The exit status; null where a signal ended it. Rejects where it was late and had to be killed. */
function endOf(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve, reject) => {
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      killTree(child);
    }, commandLimitMs);
    child.once("error", (error) => {
      clearTimeout(timer);
      reject(error);
    });
    child.once("close", (status) => {
      clearTimeout(timer);
      if (isLate) reject(new Error(`was not done after ${commandLimitMs} ms`));
      else resolve(status);
    });
  });
}

/** This process's environment without what would change a CLI's or the provider's mind: the package brings its own agent. */
function environmentOf({ home, variables }: WorkspacePlace, configuration: string): NodeJS.ProcessEnv {
  const isForeign = (name: string) => /^(TF_|LEEA_AGENT_BUNDLE$|LEEA_CREDENTIALS$)/.test(name);
  const kept = Object.entries(process.env).filter(([name]) => !isForeign(name));
  const values = Object.entries(variables).map(([name, value]) => [`TF_VAR_${name}`, value] as const);
  return {
    ...Object.fromEntries(kept),
    ...Object.fromEntries(values),
    CHECKPOINT_DISABLE: "1",
    TF_IN_AUTOMATION: "1",
    TF_INPUT: "0",
    TF_CLI_CONFIG_FILE: configuration,
    TF_DATA_DIR: join(home, "data"),
  };
}
