// Plays a story, and draws one from a seed: up to four faults of any kind at any point.

import { SimRandom } from "./sim-clock";
import type { Fate, Fault, FaultKind, Story, StoryEnd } from "./sim-types";
import { SimWorld } from "./sim-world";

const kinds: readonly FaultKind[] = [
  ...(["kill-agent-a", "kill-agent-a", "kill-agent-b", "kill-agent-b", "cut-power-a", "cut-power-b"] as const),
  ...(["kill-qemu-a", "kill-qemu-b", "mute-qemu-a", "mute-qemu-b", "link-down", "link-down"] as const),
  ...(["fill-disk-a", "fill-disk-b", "torn-sync-a", "torn-sync-b", "lose-last-ack", "cancel"] as const),
  ...(["kill-provider", "pause"] as const),
];
const verbs = ["prepareMove", "readMove", "announceMove", "settleDisks", "grantMove", "finishMove", "abandonMove"];
const fates: readonly Fate[] = ["lose", "mute", "late", "twice"];
const times = [50, 500, 3_000, 12_000, 45_000, 400_000];
const longestPoint = 140;

/** The story of a seed. */
export function drawStory(seed: number): Story {
  const random = new SimRandom(seed ^ 0x5eed);
  const faults: Fault[] = [];
  const count = random.below(5);
  for (let index = 0; index < count; index += 1) {
    if (random.below(5) === 0)
      faults.push({ verb: random.pick(verbs), count: 1 + random.below(2), fate: random.pick(fates) });
    else faults.push({ at: 1 + random.below(longestPoint), do: random.pick(kinds), ms: random.pick(times) });
  }
  return { seed, mode: random.below(5) === 0 ? "cold" : "live", faults };
}

/** Plays it. */
export function playStory(story: Story): Promise<StoryEnd> {
  return new SimWorld(story).play();
}
