// Terraform judges every answer of a provider ("invalid plan", "inconsistent result after apply"). Declarations and changes
// are drawn at random, known and unknown, and the real Terraform and OpenTofu plan and apply them: neither must ever have to
// complain.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { seeded, whileTime } from "../../fuzz/seeded";
import { type Cli, describeUnderEachCli } from "./rig/clis";
import { type DrawnConfiguration, drawConfiguration, renderConfiguration } from "./rig/draw-story";
import { type FakeProvider, startFakeProvider } from "./rig/fake-provider";
import { TerraformFolder } from "./rig/terraform-cli";

const complaints =
  /Provider produced|Provider returned|invalid result object|bug in the provider|This is a defect|panic:/;

/** How many stories are played however slow the machine is; a story takes about a second. */
const leastStories = 6;

/** What was played to its end. */
interface Played {
  stories: number;
  configurations: number;
  refusals: number;
}

/** Applies a story's configurations one after the other, takes back one that is refused, and destroys what is there at its end. */
async function play(cli: Cli, stories: readonly DrawnConfiguration[], played: Played): Promise<void> {
  const fake = await startFakeProvider(["a", "b"]);
  const terraform = new TerraformFolder(fake, cli);
  try {
    for (const [index, drawn] of stories.entries()) {
      played.configurations += 1;
      if (await applyDrawn(fake, terraform, drawn)) continue;
      played.refusals += 1;
      const before = stories[index - 1];
      if (before === undefined) throw new Error("there is nothing yet that could shrink");
      expect(await applyDrawn(fake, terraform, before)).toBe(true);
      break;
    }
    const { status, output } = await terraform.run("destroy", "-auto-approve", "-no-color");
    if (status !== 0 || complaints.test(output)) throw new Error(output);
    for (const name of ["a", "b"]) expect(fake.world.host(name)).toMatchObject({ hasAgent: false, vms: new Map() });
    played.stories += 1;
  } finally {
    fake.stop();
  }
}

/** False where it was refused by the one rule that a drawn change may break: a disk never shrinks. */
async function applyDrawn(fake: FakeProvider, terraform: TerraformFolder, drawn: DrawnConfiguration): Promise<boolean> {
  writeFileSync(join(fake.folder, "main.tf.json"), JSON.stringify(renderConfiguration(drawn)));
  const { status, output } = await terraform.apply();
  if (complaints.test(output)) throw new Error(output);
  if (status !== 0) {
    if (!/never shrinks/.test(output)) throw new Error(output);
    return false;
  }
  const again = await terraform.run("plan", "-no-color", "-detailed-exitcode");
  if (again.status !== 0) throw new Error(`the plan after the apply is not empty:\n${again.output}`);
  return true;
}

describeUnderEachCli("drawn stories", (cli) => {
  test("no plan and no result of ours is ever found inconsistent, and a destroy leaves nothing", async () => {
    const story = fc.array(drawConfiguration(), { minLength: 1, maxLength: 3 });
    const played: Played = { stories: 0, configurations: 0, refusals: 0 };
    const settings = seeded("terraform/no-inconsistency", 15);
    const playOne = whileTime(60_000, (drawn: readonly DrawnConfiguration[]) => play(cli, drawn, played), leastStories);
    await fc.assert(fc.asyncProperty(story, playOne), settings);
    process.stderr.write(`${cli}: ${JSON.stringify(played)}\n`);
    expect(played.stories).toBeGreaterThanOrEqual(Math.min(settings.numRuns, leastStories));
  }, 3_600_000);
});
