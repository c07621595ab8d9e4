// What the parts of the story hand to each other.

import type { RunIn } from "../guest-client";
import type { PulumiRun } from "../pulumi/run-pulumi";

/** The running story. */
export interface Story extends PulumiRun {
  readonly labName: string;
}

/** The VM before anything moved, and the way to reach it from the client's host. */
export interface Before {
  readonly address: string;
  readonly bootId: string;
  readonly runIn: RunIn;
  readonly createSeconds: number;
}

/** The lab's hosts by what they are in the story. */
export const places = { from: "a", to: "b", client: "c" } as const;

/** Blocks that the guest's disk must have acknowledged before the move, and as many again after it. */
export const blocksEachSide = 200;
