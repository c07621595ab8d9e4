// The bench's arithmetic, its table and its document. Whether leea is fast is never a test's business.

import { renderDocs } from "../../../provider/cli/bench/report/bench-docs";
import { explainMiss } from "../../../provider/cli/bench/report/bench-misses";
import {
  atMost,
  atMostFloor,
  atMostPeer,
  bothTargets,
  failedRow,
  makeRow,
} from "../../../provider/cli/bench/report/bench-row";
import { renderTable } from "../../../provider/cli/bench/report/bench-table";
import { describeRow } from "../../../provider/cli/bench/report/bench-words";
import { medianOf, percentileOf, spreadOf } from "../../../provider/cli/bench/report/statistics";

const report = {
  startedAt: "2026-01-02T03:04:05.000Z",
  seconds: 120,
  quick: false,
  loadAverage: 0.5,
  unmeasured: [],
  machine: { cpu: "a CPU", cores: 2, memoryGib: 8, kernel: "6.1", accelerator: "tcg", versions: { qemu: "10.0.2" } },
};

describe("statistics", () => {
  test("the median is the middle sample, or between the two in the middle", () => {
    expect(medianOf([3, 1, 2])).toBe(2);
    expect(medianOf([4, 1, 3, 2])).toBe(2.5);
    expect(medianOf([])).toBeNaN();
  });

  test("a percentile is a sample that was really taken", () => {
    const samples = Array.from({ length: 100 }, (_, index) => index + 1);
    expect(percentileOf(samples, 0.99)).toBe(99);
    expect(percentileOf(samples, 0.5)).toBe(50);
    expect(percentileOf([7], 0.99)).toBe(7);
    expect(percentileOf([], 0.5)).toBeNaN();
  });

  test("no samples have no spread", () => {
    expect(spreadOf([])).toBeUndefined();
    expect(spreadOf([2, 9, 4])).toEqual([2, 9]);
  });
});

describe("a row", () => {
  const samples = { leea: [11, 10, 12], floor: [10, 8, 9] };

  test("holds medians, their spread and the number of samples", () => {
    expect(makeRow({ row: "r", unit: "ms", samples })).toEqual({
      row: "r",
      leea: 11,
      floor: 9,
      peer: null,
      unit: "ms",
      n: 3,
      target: "",
      met: null,
      spread: { leea: [10, 12], floor: [8, 10] },
    });
  });

  test.each([
    ["at most a value", atMost(11, "ms"), true],
    ["at most a lower value", atMost(10.9, "ms"), false],
    ["at most the floor with something on top", atMostFloor("t", { factor: 1.2, extra: 0.3 }), true],
    ["at most the floor", atMostFloor("t", {}), false],
    ["at most a share of a peer that was not measured", atMostPeer("t", 0.5), null],
    ["two things of which one cannot be judged", bothTargets(atMost(99, "ms"), atMostPeer("t", 0.5)), null],
  ])("judges %s", (_, target, met) => {
    expect(makeRow({ row: "r", unit: "ms", samples, target }).met).toBe(met);
  });

  test("of two targets the stricter one counts", () => {
    const target = bothTargets(atMost(99, "ms"), atMostFloor("t", { factor: 1.1 }));
    expect(makeRow({ row: "r", unit: "ms", samples, target }).met).toBe(false);
  });

  test("that could not be measured says why and meets nothing", () => {
    expect(failedRow("r", "no such program")).toMatchObject({
      leea: null,
      met: null,
      note: expect.stringContaining("no such program"),
    });
  });
});

describe("the table and the document", () => {
  const rows = [
    makeRow({
      row: "bare host to ready",
      unit: "s",
      samples: { leea: [0.5, 0.6, 0.7], floor: [0.3] },
      target: atMost(0.1, "s"),
      note: "a note",
    }),
    makeRow({ row: "agent bundle", unit: "MiB", samples: { leea: [0.5] }, target: atMost(1, "MiB") }),
    failedRow("up with everything", "it broke"),
  ];

  test("show figures with spread, ratios, and what is missed", () => {
    const text = renderTable(rows);
    expect(text).toMatch(/bare host to ready +0\.6 \[0\.5-0\.7\] s +0\.3 s +- +2\.00x +- +3 +<= 0\.1 s +NO/);
    expect(text).toMatch(/agent bundle +0\.5 MiB +- +- +- +- +1 +<= 1 MiB +yes/);
    expect(text).toContain("up with everything: not measured: it broke");
  });

  test("name the machine, every row's meaning and the missed targets", () => {
    const text = renderDocs({ ...report, rows });
    expect(text).toContain("2 cores (a CPU), 8 GiB, Linux 6.1");
    expect(text).toContain("qemu 10.0.2");
    expect(text).toContain(`**bare host to ready**: ${describeRow("bare host to ready")} In this run: a note.`);
    expect(text).toContain("Missed in this run:\n\n- bare host to ready");
    expect(text).not.toContain("QUICK");
    expect(text).not.toContain("Not measured in this run");
    const part = renderDocs({ ...report, rows, unmeasured: ["many VMs from nothing"] });
    expect(part).toContain("- Not measured in this run: many VMs from nothing\n");
  });

  test("say why a target was missed, once for all rows of one kind, and nothing of one that was met", () => {
    const slow = (row: string, limit: number) =>
      makeRow({ row, unit: "ms", samples: { leea: [5] }, target: atMost(limit, "ms") });
    const text = renderDocs({
      ...report,
      rows: [slow("STOP to RESUME, one way", 1), slow("STOP to RESUME, another", 1), slow("whole move, quick", 9)],
    });
    expect(text.split(explainMiss("STOP to RESUME, one way")?.why ?? "?")).toHaveLength(2);
    expect(text).not.toContain(explainMiss("whole move, quick")?.why);
    expect(explainMiss("a row that nobody knows")).toBeUndefined();
  });
});
