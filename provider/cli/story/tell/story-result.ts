// What the story found, and the verdict on it. Pure: it judges what others measured and softens nothing.

/** Everything that was measured. Times in milliseconds, `upSeconds` in seconds. */
export interface StoryFacts {
  readonly bootId: { readonly before: string; readonly after: string };
  readonly address: { readonly before: string; readonly after: string };
  /** `written` were acknowledged by the disk, `checked` were read back at the end; `badPages` are of memory. */
  readonly blocks: { readonly written: number; readonly checked: number; readonly bad: number };
  readonly badPages: number;
  readonly pings: { readonly sent: number; readonly lost: number; readonly longestGapMs: number | null };
  readonly connectionAlive: boolean;
  readonly upSeconds: { readonly create: number; readonly move: number };
  /** Node ids; the VM was to go to `wantedHost`, the lab's name of the host. */
  readonly currentNode: string;
  readonly wantedHost: string;
  readonly lastMigration: { readonly mode: string; readonly downtimeMs: number; readonly totalMs: number } | undefined;
}

/** How the VM came to be where it is. */
export type Verdict = "live" | "restarted" | "not moved";

/** `.leea/story.json`. Null where nothing was measured. */
export interface StoryResult {
  readonly verdict: Verdict;
  readonly bootId: StoryFacts["bootId"];
  readonly address: StoryFacts["address"];
  readonly blocks: { readonly written: number; readonly bad: number };
  readonly pings: StoryFacts["pings"];
  readonly connectionAlive: boolean;
  readonly downtimeMs: number | null;
  readonly totalMs: number | null;
  readonly upSeconds: StoryFacts["upSeconds"];
}

/** How many pings may be lost. What comes while the guest stands still waits for it; only what comes before the hand-over
 *  is lost. On a machine that is busy with other things both take longer, so the measure is the outage: half of its pings.
 *  A hand-over that does not work loses all of them and more. */
export function countAllowedLosses({ lastMigration }: Pick<StoryFacts, "lastMigration">): number {
  const pingEveryMs = 10;
  return Math.max(3, Math.floor((lastMigration?.downtimeMs ?? 0) / pingEveryMs / 2));
}

/** Live only where the same boot runs on the wanted host after a live migration. A node id opens with the host's name. */
export function judgeMove(facts: StoryFacts): Verdict {
  if (!facts.currentNode.startsWith(`${facts.wantedHost}-`)) return "not moved";
  if (facts.bootId.before !== facts.bootId.after) return "restarted";
  return facts.lastMigration?.mode === "live" ? "live" : "not moved";
}

/** The result as it is written down. */
export function summarizeStory(facts: StoryFacts): StoryResult {
  const { bootId, address, blocks, pings, connectionAlive, upSeconds, lastMigration } = facts;
  return {
    verdict: judgeMove(facts),
    bootId,
    address,
    blocks: { written: blocks.written, bad: blocks.bad },
    pings: { sent: pings.sent, lost: pings.lost, longestGapMs: pings.longestGapMs },
    connectionAlive,
    downtimeMs: lastMigration?.downtimeMs ?? null,
    totalMs: lastMigration?.totalMs ?? null,
    upSeconds,
  };
}

/** Everything that is not as it should be, each as a sentence; empty where all is well. */
export function findProblems(facts: StoryFacts): string[] {
  const { address, blocks, pings } = facts;
  const checks: readonly (readonly [boolean, string])[] = [
    [judgeMove(facts) === "live", `The VM did not move live: ${explainMove(facts)}.`],
    [address.before === address.after, `Its address changed from ${address.before} to ${address.after}.`],
    [blocks.checked > 0, "No block of its disk was read back."],
    [blocks.bad === 0, `${blocks.bad} of ${blocks.checked} blocks of its disk are wrong.`],
    [facts.badPages === 0, `${facts.badPages} pages of its memory are wrong.`],
    [facts.connectionAlive, "A connection to it broke."],
    [pings.sent > 0, "No ping was sent."],
    [pings.lost <= countAllowedLosses(facts), `${pings.lost} of ${pings.sent} pings were lost.`],
  ];
  return checks.filter(([isWell]) => !isWell).map(([, sentence]) => sentence);
}

function explainMove({ bootId, currentNode, wantedHost, lastMigration }: StoryFacts): string {
  if (!currentNode.startsWith(`${wantedHost}-`)) return `it is on ${currentNode}, not on ${wantedHost}`;
  if (bootId.before !== bootId.after) return `it booted anew (boot ids ${bootId.before} and ${bootId.after})`;
  return `its last migration was ${lastMigration?.mode ?? "none"}`;
}
