// `leea story`: reads its words, tells the story, and says what to do next. Its exit status is the verdict.

import { parseArgs } from "node:util";
import { exitOnInterrupt, holdIfInterrupted } from "./run/interrupt";
import { runStory } from "./tell/run-story";

const usage = `Usage: leea story [--lab NAME]

Makes three hosts on this machine, creates a VM on one with Pulumi, and moves it live to another by a changed value.
Whatever an earlier run left is removed first. The lab's name is "default" unless another one is given.
`;

const farewell = `Interrupted. The lab is left as it is: the next run of this command cleans up by itself,
and \`npm run lab -- down\` removes it now.`;

/** Runs the story; 0 only where the VM moved live and nothing was lost. Throws what stopped it. */
export async function storyCommand(argv: readonly string[]): Promise<number> {
  const words = readWords(argv);
  if (words === undefined || words.help) {
    (words?.help ? process.stdout : process.stderr).write(usage);
    return words?.help ? 0 : 2;
  }
  exitOnInterrupt(farewell);
  try {
    return await runStory(words.lab);
  } catch (error) {
    await holdIfInterrupted();
    throw error;
  }
}

function readWords(argv: readonly string[]) {
  try {
    const options = { lab: { type: "string", default: "default" }, help: { type: "boolean", default: false } } as const;
    return parseArgs({ args: [...argv], options }).values;
  } catch {
    // A word that does not exist: the usage says which do.
    return undefined;
  }
}
