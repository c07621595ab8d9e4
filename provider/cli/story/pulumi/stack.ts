// The story's stack: made anew, given its one placement value, asked for its outputs.

import { join } from "node:path";
import { LeeaError } from "../../../model/errors";
import type { Lab } from "../../lab/lab";
import { type PulumiRun, runPulumi } from "./run-pulumi";
import { storyStack } from "./workspace";

/** What the VM reports of itself after an `up`. */
export interface VmOutputs {
  readonly address: string;
  readonly currentNode: string;
  readonly lastMigration: { readonly mode: string; readonly downtimeMs: number; readonly totalMs: number } | undefined;
}

/** Makes the stack and tells the program where the lab's record is. */
export async function createStack(run: PulumiRun, lab: Lab): Promise<void> {
  await runPulumi(run, ["stack", "init", storyStack]);
  await runPulumi(run, ["config", "set", "--stack", storyStack, "labFile", join(lab.directory, "lab.json")]);
}

/** Changes the program's one value: the host that the VM is to run on. */
export async function setPlacement(run: PulumiRun, host: string): Promise<void> {
  await runPulumi(run, ["config", "set", "--stack", storyStack, "placement", host]);
}

/** The VM's outputs as the stack holds them. Throws INTERNAL where the program does not export them. */
export async function readVmOutputs(run: PulumiRun): Promise<VmOutputs> {
  const text = await runPulumi(run, ["stack", "output", "--json", "--stack", storyStack]);
  const outputs = JSON.parse(text) as Partial<VmOutputs>;
  const { address, currentNode, lastMigration } = outputs;
  if (typeof address === "string" && typeof currentNode === "string") {
    return { address, currentNode, lastMigration: lastMigration ?? undefined };
  }
  throw new LeeaError({
    code: "INTERNAL",
    message: "Unable to read the VM's address and host from the stack's outputs",
    hint: "examples/live-migration/index.ts must export address, currentNode and lastMigration.",
    details: { outputs },
  });
}
