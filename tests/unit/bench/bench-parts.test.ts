// What a group has measured stays, whatever fails after it.

import { makeRow } from "../../../provider/cli/bench/report/bench-row";
import { measurePart, openBench } from "../../../provider/cli/bench/rig/bench";

const checkout = { root: "/nowhere", folder: "/nowhere/.leea" };

function openQuietBench(told: string[]) {
  return openBench(checkout as never, { quick: true, tell: (line) => void told.push(line) });
}

test("a part that fails is a row with its reason, and the rows before and after it stay", async () => {
  const told: string[] = [];
  const { bench, rows } = openQuietBench(told);
  bench.keep([makeRow({ row: "first", unit: "ms", samples: { leea: [1] } })]);
  await measurePart(bench, "second", () => Promise.reject(new Error("no route\nat all")));
  await measurePart(bench, "third", () =>
    Promise.resolve([makeRow({ row: "third", unit: "ms", samples: { leea: [3] } })]),
  );
  expect(rows.map(({ row, leea, note }) => [row, leea, note])).toEqual([
    ["first", 1, undefined],
    ["second", null, "not measured: no route"],
    ["third", 3, undefined],
  ]);
  expect(told).toEqual(["second: no route\nat all"]);
});

test("everything that was made is undone in the opposite order, also where one undoing fails", async () => {
  const told: string[] = [];
  const { bench, end } = openQuietBench(told);
  bench.onEnd(() => void told.push("first"));
  bench.onEnd(() => Promise.reject(new Error("stuck")));
  bench.onEnd(() => void told.push("last"));
  await end();
  expect(told).toEqual(["last", "could not clean up: stuck", "first"]);
});
