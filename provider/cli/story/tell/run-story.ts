// The story, in the order in which it is told: hosts, a VM, a changed value, the move under a watching client, the proof.

import { rmSync, writeFileSync } from "node:fs";
import { type Lab, labDown, labUp, readLab } from "../../lab/lab";
import { bringUp } from "../pulumi/bring-up";
import { createStack, readVmOutputs, setPlacement } from "../pulumi/stack";
import { resetWorkspace } from "../pulumi/workspace";
import { findCheckout } from "../run/checkout";
import { endEarlierRun, recordRun } from "../run/earlier-run";
import { countAcknowledged, waitForBlocks, waitForGuest } from "../run/guest-progress";
import { runInHost } from "../run/run-in-host";
import { createTeller } from "../run/steps";
import { moveUnderWatch } from "./move-under-watch";
import { type Before, blocksEachSide, places, type Story } from "./story-parts";
import { findProblems, type StoryFacts, summarizeStory } from "./story-result";
import { formatTable, formatTries } from "./story-table";

/** Tells the story in the lab of that name; gives the exit status, 0 where all is well. Throws what stopped it. */
export async function runStory(labName: string): Promise<number> {
  const checkout = findCheckout();
  const story: Story = { checkout, labName, teller: createTeller(checkout.logFile) };
  await cleanUp(story);
  const lab = await makeLab(story);
  const before = await createVm(story, lab);
  const facts = await moveUnderWatch(story, before);
  return finish(story, facts);
}

async function cleanUp({ checkout, labName, teller }: Story): Promise<void> {
  rmSync(checkout.storyFile, { force: true });
  await teller.step({
    name: "clean-up",
    work: async () => {
      const ended = await endEarlierRun(checkout);
      recordRun(checkout);
      teller.log(`ended ${ended} programs of an earlier run`);
      const hadLab = readLab(labName) !== "absent";
      await labDown(labName);
      resetWorkspace(checkout);
      return [...(ended === 0 ? [] : [`${ended} programs`]), ...(hadLab ? [`the lab "${labName}"`] : [])];
    },
    describe: (gone) =>
      gone.length === 0 ? "an earlier run left nothing" : `removed what an earlier run left: ${gone.join(", ")}`,
  });
}

function makeLab({ labName, teller }: Story): Promise<Lab> {
  return teller.step({
    name: "lab",
    work: () => labUp({ name: labName, hosts: Object.values(places) }),
    describe: (lab) => `hosts ${lab.hosts.map(({ name, address }) => `${name} ${address}`).join(", ")}`,
  });
}

async function createVm(story: Story, lab: Lab): Promise<Before> {
  const createSeconds = await story.teller.step({
    name: "pulumi up",
    work: async (note) => {
      await createStack(story, lab);
      await setPlacement(story, places.from);
      return bringUp(story, note);
    },
    describe: () => `three MeshNodes, and a VM on ${places.from}`,
  });
  const { address } = await readVmOutputs(story);
  const runIn = runInHost(story.checkout, lab, places.client);
  const guest = await story.teller.step({
    name: "guest",
    work: async (note) => {
      await waitForGuest(runIn, address, note);
      return waitForBlocks(runIn, address, blocksEachSide);
    },
    describe: (status) =>
      `${address} answers ${places.client}; ${countAcknowledged(status)} blocks written, ${status.dirty.rate} MiB/s of memory dirtied`,
  });
  return { address, bootId: guest.bootId, runIn, createSeconds };
}

function finish({ checkout, labName, teller }: Story, facts: StoryFacts): number {
  writeFileSync(checkout.storyFile, `${JSON.stringify(summarizeStory(facts), null, 2)}\n`);
  teller.print(`\n${formatTable(facts)}\n`);
  const problems = findProblems(facts);
  for (const problem of problems) teller.print(`  ${problem}`);
  if (problems.length > 0) teller.print("");
  teller.print(formatTries(labName, { client: places.client, from: places.from, address: facts.address.after }));
  return problems.length === 0 ? 0 : 1;
}
