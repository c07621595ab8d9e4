// The verdict on the story, what is written down of it, and what a person reads.

import { formatDuration } from "../../../provider/cli/story/run/format-duration";
import {
  findProblems,
  judgeMove,
  type StoryFacts,
  summarizeStory,
} from "../../../provider/cli/story/tell/story-result";
import { formatTable, formatTries } from "../../../provider/cli/story/tell/story-table";

const good: StoryFacts = {
  bootId: { before: "boot-1", after: "boot-1" },
  address: { before: "10.92.0.7", after: "10.92.0.7" },
  blocks: { written: 2431, checked: 2200, bad: 0 },
  badPages: 0,
  pings: { sent: 3210, lost: 0, longestGapMs: 41.4 },
  connectionAlive: true,
  upSeconds: { create: 12.3, move: 9.1 },
  currentNode: "b-abcdefgh",
  wantedHost: "b",
  lastMigration: { mode: "live", downtimeMs: 31.6, totalMs: 1234 },
};

describe("the verdict", () => {
  test("is live where the same boot runs on the wanted host after a live migration", () => {
    expect(judgeMove(good)).toBe("live");
    expect(findProblems(good)).toEqual([]);
  });

  test.each<[string, Partial<StoryFacts>, string]>([
    ["on another host", { currentNode: "a-abcdefgh" }, "not moved"],
    ["on a host whose name only begins alike", { currentNode: "bb-abcdefgh" }, "not moved"],
    ["under another boot id", { bootId: { before: "boot-1", after: "boot-2" } }, "restarted"],
    ["without a migration", { lastMigration: undefined }, "not moved"],
    ["after a move that was not live", { lastMigration: { mode: "cold", downtimeMs: 1, totalMs: 1 } }, "not moved"],
  ])("is not live %s", (_name, change, verdict) => {
    expect(judgeMove({ ...good, ...change })).toBe(verdict);
    expect(findProblems({ ...good, ...change })).toHaveLength(1);
  });
});

describe("the problems", () => {
  test.each<[string, Partial<StoryFacts>, RegExp]>([
    ["another address", { address: { before: "10.0.0.1", after: "10.0.0.2" } }, /10\.0\.0\.1 to 10\.0\.0\.2/],
    ["a bad block", { blocks: { written: 9, checked: 8, bad: 1 } }, /1 of 8 blocks/],
    ["a check that looked at nothing", { blocks: { written: 9, checked: 0, bad: 0 } }, /No block/],
    ["a bad page", { badPages: 2 }, /2 pages/],
    ["a broken connection", { connectionAlive: false }, /connection/],
    ["too many lost pings", { pings: { sent: 100, lost: 4, longestGapMs: 50 } }, /4 of 100 pings/],
    ["no pings at all", { pings: { sent: 0, lost: 0, longestGapMs: null } }, /No ping/],
  ])("name %s", (_name, change, sentence) => {
    const problems = findProblems({ ...good, ...change });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(sentence);
  });

  test("allow for half of the pings of a long outage", () => {
    const slow = { ...good, lastMigration: { mode: "live", downtimeMs: 410, totalMs: 9000 } };
    expect(findProblems({ ...slow, pings: { sent: 900, lost: 20, longestGapMs: 400 } })).toEqual([]);
    expect(findProblems({ ...slow, pings: { sent: 900, lost: 21, longestGapMs: 400 } })).toHaveLength(1);
  });

  test("are told all at once", () => {
    expect(findProblems({ ...good, connectionAlive: false, badPages: 1 })).toHaveLength(2);
  });
});

describe("story.json", () => {
  test("has the keys that scripts read, and no others", () => {
    expect(summarizeStory(good)).toEqual({
      verdict: "live",
      bootId: { before: "boot-1", after: "boot-1" },
      address: { before: "10.92.0.7", after: "10.92.0.7" },
      blocks: { written: 2431, bad: 0 },
      pings: { sent: 3210, lost: 0, longestGapMs: 41.4 },
      connectionAlive: true,
      downtimeMs: 31.6,
      totalMs: 1234,
      upSeconds: { create: 12.3, move: 9.1 },
    });
  });

  test("says null for what was not measured", () => {
    expect(summarizeStory({ ...good, lastMigration: undefined })).toMatchObject({ downtimeMs: null, totalMs: null });
  });
});

describe("the table", () => {
  test("has a line for each finding", () => {
    const table = formatTable(good);
    expect(table).toContain("Verdict           live");
    expect(table).toContain("boot-1 (the same: it never restarted)");
    expect(table).toContain("2,431 blocks written, 2,200 read back, 0 bad");
    expect(table).toContain("3,210 sent, one each 10 ms; 0 lost, longest gap 41 ms");
    expect(table).toContain("12.3 s to create, 9.1 s to move");
  });

  test("does not hide a restart", () => {
    expect(formatTable({ ...good, bootId: { before: "x", after: "y" } })).toContain("y (another: it restarted)");
  });
});

describe("the things to try", () => {
  test("name the lab only where it is not the default one", () => {
    const words = { client: "c", from: "a", address: "10.92.0.7" };
    expect(formatTries("default", words)).toContain("npm run lab -- down\n".trim());
    expect(formatTries("default", words)).not.toContain("--name");
    expect(formatTries("mine", words)).toContain("npm run lab -- exec c --name mine -- ping -c 3 10.92.0.7");
    expect(formatTries("mine", words)).toContain("npm run lab -- down --name mine");
  });
});

test("a duration is told as a person would", () => {
  expect([40, 9_940, 9_960, 59_400, 59_600, 185_000].map(formatDuration)).toEqual([
    "0.0 s",
    "9.9 s",
    "10 s",
    "59 s",
    "1 min 00 s",
    "3 min 05 s",
  ]);
});
