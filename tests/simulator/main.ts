// The simulator as a program: `--seed N` plays one story and prints all of it, `--seeds A..B` plays many and prints only
// what broke a law, `--scenario WORDS` plays the named scenarios that have the words. Ends with 1 where a law was broken.

import { drawStory, playStory } from "./play-story";
import { matrixScenarios } from "./scenarios/matrix";
import { namedScenarios } from "./scenarios/named";
import type { Story } from "./sim-types";

async function main(argv: readonly string[]): Promise<number> {
  const value = (name: string): string | undefined => argv[argv.indexOf(name) + 1];
  if (argv.includes("--seed")) return playOne(drawStory(Number(value("--seed"))));
  if (argv.includes("--seeds")) return playMany(value("--seeds") ?? "");
  if (argv.includes("--scenario")) return playNamed(value("--scenario") ?? "");
  console.error("usage: simulate --seed N | --seeds A..B | --scenario WORDS");
  return 2;
}

async function playOne(story: Story): Promise<number> {
  console.log(`seed ${story.seed}: a ${story.mode} move of one VM from a to b`);
  for (const fault of story.faults) console.log(`  fault ${JSON.stringify(fault)}`);
  const end = await playStory({ ...story, print: (line) => console.log(line) });
  for (const violation of end.violations) console.log(`broken: ${violation}`);
  console.log(`the VM is on ${end.owner ?? "neither host"}, the operation ${end.result}`);
  return end.violations.length === 0 ? 0 : 1;
}

async function playNamed(words: string): Promise<number> {
  const all = [...namedScenarios(), ...[...matrixScenarios().values()].flat()];
  const found = all.filter(({ name }) => name.includes(words));
  let status = found.length === 0 ? 2 : 0;
  for (const { name, story, end } of found) {
    console.log(`scenario "${name}", expected: ${end.result}, on ${end.owner}`);
    status = Math.max(status, await playOne(story));
  }
  return status;
}

async function playMany(range: string): Promise<number> {
  const [first, last] = range.split("..").map(Number);
  if (first === undefined || last === undefined || Number.isNaN(first + last)) throw new Error("--seeds A..B");
  const ends = new Map<string, number>();
  let broken = 0;
  for (let seed = first; seed <= last; seed += 1) {
    const { violations, owner, result } = await playStory(drawStory(seed));
    const key = `VM on ${owner ?? "neither"}, operation ${result}`;
    ends.set(key, (ends.get(key) ?? 0) + 1);
    if (violations.length === 0) continue;
    broken += 1;
    console.log(`seed ${seed}: ${violations.join("; ")}\n  replay: npm run simulate -- --seed ${seed}`);
  }
  for (const [key, count] of ends) console.log(`${String(count).padStart(7)}  ${key}`);
  console.log(`${last - first + 1} stories, ${broken} broke a law`);
  return broken === 0 ? 0 : 1;
}

void main(process.argv.slice(2)).then((status) => {
  process.exitCode = status;
});
