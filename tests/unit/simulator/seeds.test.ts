// Ten thousand stories drawn from seeds: whatever goes wrong at whatever point, the laws of tests/simulator hold.

import { drawStory, playStory } from "../../simulator/play-story";

const [first, last] = (process.env["SIMULATOR_SEEDS"] ?? "0..9999").split("..").map(Number) as [number, number];

jest.setTimeout(300_000);

test(`no story of the seeds ${first} to ${last} breaks a law`, async () => {
  const broken: string[] = [];
  for (let seed = first; seed <= last && broken.length < 5; seed += 1) {
    const end = await playStory(drawStory(seed));
    if (end.violations.length === 0) continue;
    broken.push(
      `${end.trace.slice(-60).join("\n")}\n${end.violations.join("\n")}\nreplay: npm run simulate -- --seed ${seed}`,
    );
  }
  expect(broken.join("\n\n")).toBe("");
});
