// The move itself: a client watches, the one value changes, Pulumi says what that means and does it, the guest proves
// that nothing was lost.

import type { GuestStatus, GuestVerification } from "../guest-answers";
import { askGuest } from "../guest-link";
import { type GuestWatch, startWatch, type WatchReport } from "../guest-watch";
import { bringUp, previewChange } from "../pulumi/bring-up";
import { readVmOutputs, setPlacement } from "../pulumi/stack";
import { countAcknowledged, waitForBlocks } from "../run/guest-progress";
import { type Before, blocksEachSide, places, type Story } from "./story-parts";
import type { StoryFacts } from "./story-result";

/** What came out of the move, before it is judged. */
interface Outcome {
  readonly moveSeconds: number;
  readonly report: WatchReport;
  readonly verification: GuestVerification;
  /** Asked last: it has written all that was read back. */
  readonly status: GuestStatus;
}

/** Moves the VM and gives everything that was measured. Throws what stopped it. */
export async function moveUnderWatch(story: Story, before: Before): Promise<StoryFacts> {
  const { address, runIn } = before;
  const watch = await story.teller.step({
    name: "client",
    work: () => startWatch(runIn, address),
    describe: () => `${places.client} pings it each 10 ms and holds two TCP connections to it`,
  });
  let moved: Outcome;
  try {
    const moveSeconds = await changePlacement(story);
    moved = { moveSeconds, ...(await prove(story, before, watch)) };
  } catch (error) {
    await watch.stop().catch(() => undefined); // the first failure is the one to tell
    throw error;
  }
  return gatherFacts(before, moved, await readVmOutputs(story));
}

async function changePlacement(story: Story): Promise<number> {
  await setPlacement(story, places.to);
  await story.teller.step({
    name: "pulumi preview",
    work: (note) => previewChange(story, note),
    describe: () => `what a placement changed from ${places.from} to ${places.to} means`,
  });
  return story.teller.step({
    name: "pulumi up",
    work: (note) => bringUp(story, note),
    describe: () => `moved to ${places.to}`,
  });
}

async function prove(
  { teller }: Story,
  { address, runIn }: Before,
  watch: GuestWatch,
): Promise<Omit<Outcome, "moveSeconds">> {
  const report = await teller.step({
    name: "guest",
    work: async () => {
      const { disks } = await askGuest(runIn, address, "status");
      await waitForBlocks(runIn, address, countAcknowledged({ disks }) + blocksEachSide);
      return watch.stop();
    },
    describe: () => "writes on where it is now; the client has stopped",
  });
  const verification = await teller.step({
    name: "verify",
    work: () => askGuest(runIn, address, "verify"),
    describe: ({ memory }) => `disk read back past all caches, ${memory.checked} pages of memory compared`,
  });
  return { report, verification, status: await askGuest(runIn, address, "status") };
}

function gatherFacts(before: Before, moved: Outcome, vm: Awaited<ReturnType<typeof readVmOutputs>>): StoryFacts {
  const { report, status, verification } = moved;
  const sum = (key: "checked" | "bad"): number => verification.disks.reduce((total, disk) => total + disk[key], 0);
  return {
    bootId: { before: before.bootId, after: status.bootId },
    address: { before: before.address, after: vm.address },
    blocks: { written: countAcknowledged(status), checked: sum("checked"), bad: sum("bad") },
    badPages: verification.memory.bad,
    pings: report.pings,
    connectionAlive: report.connectionAlive,
    upSeconds: { create: roundToTenths(before.createSeconds), move: roundToTenths(moved.moveSeconds) },
    currentNode: vm.currentNode,
    wantedHost: places.to,
    lastMigration: vm.lastMigration,
  };
}

function roundToTenths(seconds: number): number {
  return Math.round(seconds * 10) / 10;
}
