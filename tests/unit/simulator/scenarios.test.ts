// Every named scenario ends as its name and its table say, and none breaks a law. `npm run simulate -- --scenario WORDS`
// prints the story of one.

import { playStory } from "../../simulator/play-story";
import { matrixScenarios, type Scenario } from "../../simulator/scenarios/matrix";
import { namedScenarios } from "../../simulator/scenarios/named";

interface Played {
  readonly name: string;
  readonly violations: readonly string[];
  readonly unmet: readonly string[];
  readonly result: string;
  readonly owner: string | undefined;
}

async function play({ name, story }: Scenario): Promise<Played> {
  const { violations, unmet, result, owner } = await playStory(story);
  return { name, violations, unmet, result, owner };
}

const expected = ({ name, end }: Scenario): Played => ({ name, violations: [], unmet: [], ...end });
const rows = matrixScenarios();

test("there are as many scenarios as there are points and faults, and each has a name of its own", () => {
  const names = [...namedScenarios(), ...[...rows.values()].flat()].map(({ name }) => name);
  expect(names.length).toBeGreaterThan(1_500);
  expect(new Set(names).size).toBe(names.length);
});

test.each(namedScenarios())("$name", async (scenario) => {
  expect(await play(scenario)).toEqual(expected(scenario));
});

test.each([...rows.keys()])("%s: whatever breaks, it ends as the table says", async (row) => {
  for (const scenario of rows.get(row) ?? []) expect(await play(scenario)).toEqual(expected(scenario));
});
