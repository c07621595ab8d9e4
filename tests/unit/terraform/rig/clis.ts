// The two CLIs that drive leea's provider. Where one is not on this machine, its tests are skipped, and it is said why.

import { spawnSync } from "node:child_process";

/** A program of Terraform's command line. */
export type Cli = "terraform" | "tofu";

const whyNot: Readonly<Record<Cli, string>> = {
  terraform: "there is no `terraform` on PATH",
  tofu: "OpenTofu is neither on PATH nor built; `npm run tofu -- version` builds it, once",
};

/** Both, HashiCorp's first. */
export const clis: readonly Cli[] = ["terraform", "tofu"];

const env = { ...process.env, CHECKPOINT_DISABLE: "1" };

/** Those that this machine has. */
export const clisHere = clis.filter(
  (cli) => spawnSync(cli, ["version"], { env, stdio: "ignore", timeout: 60_000 }).status === 0,
);

/** The one that drives what need not be driven by both. */
export const [anyCli] = clisHere;

/** `describe` for what either CLI can drive; skipped where there is none. */
export const describeWithAnyCli = anyCli === undefined ? describe.skip : describe;

/** `describe` for a CLI that is here; for another one its tests are skipped. */
export function describeWithCli(cli: Cli): jest.Describe {
  return clisHere.includes(cli) ? describe : describe.skip;
}

/** The same tests under each CLI; those of a CLI that is not here are skipped. */
export function describeUnderEachCli(what: string, tell: (cli: Cli) => void): void {
  for (const cli of clis) describeWithCli(cli)(`${what} under ${cli}`, () => tell(cli));
}

/** Says of each CLI that is not here what is skipped for it. */
export function tellSkipped(what: string): void {
  for (const cli of clis) if (!clisHere.includes(cli)) console.warn(`${whyNot[cli]}: ${what} is skipped`);
}
