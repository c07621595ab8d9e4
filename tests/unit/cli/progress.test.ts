// Progress for people: a bar that is redrawn in a terminal, calm lines in a pipe.

import { formatBytes, formatTime, nameOfNode, percentOf } from "../../../provider/cli/text/figures";
import { progressBar, progressLine } from "../../../provider/cli/text/progress-line";
import { showProgress } from "../../../provider/cli/text/show-progress";

const mebibyte = 2 ** 20;
const half = {
  phase: "precopy",
  bytesDone: 256 * mebibyte,
  bytesTotal: 512 * mebibyte,
  bytesPerSecond: 112 * mebibyte,
  secondsLeft: 2.3,
};

test("a bar holds phase, share, bytes, rate and time left, and never wraps", () => {
  expect(progressBar(half, 120)).toBe(
    "precopy    [############------------]  50 %  256 MiB of 512 MiB  112 MiB/s  3.0 s left",
  );
  expect(progressBar(half, 50).length).toBeLessThan(50);
  expect(progressBar({ phase: "prepare", message: "the destination starts QEMU" }, 80)).toBe(
    "prepare    the destination starts QEMU",
  );
});

test("a line for a pipe holds the same without the bar", () => {
  expect(progressLine(half)).toBe("precopy: 50 %, 256 MiB of 512 MiB, 112 MiB/s, 3.0 s left");
  expect(progressLine({ phase: "finish" })).toBe("finish");
});

test.each([
  [
    true,
    [
      "\r\u001b[2Kprepare",
      "\r\u001b[2Kprecopy    [############------------]  50 %  256 MiB of 512 MiB  112 MiB/s  3.0 s left",
      "\r\u001b[2K",
    ],
  ],
  [false, ["prepare\n", "precopy: 50 %, 256 MiB of 512 MiB, 112 MiB/s, 3.0 s left\n"]],
])("what comes too fast is left out, a new phase never (terminal: %p)", (isTerminal, wanted) => {
  const written: string[] = [];
  const shown = showProgress({
    isTerminal,
    columns: () => 120,
    write: (text) => void written.push(text),
    nowMs: () => 0,
  });
  shown.show({ phase: "prepare" });
  shown.show({ phase: "prepare", message: "again" });
  shown.show(half);
  shown.show(half);
  shown.end();
  expect(written).toEqual(wanted);
});

test("figures are short and never say 100 % before it is all", () => {
  expect([0, 1023, 1536, 10 * mebibyte, 1.5 * 2 ** 30].map(formatBytes)).toEqual([
    "0 B",
    "1023 B",
    "1.5 KiB",
    "10 MiB",
    "1.5 GiB",
  ]);
  expect([40, 2_340, 12_000, 250_000, 11_100_000, 190_000_000].map(formatTime)).toEqual([
    "40 ms",
    "2.3 s",
    "12 s",
    "4m 10s",
    "3h 5m",
    "2d 4h",
  ]);
  expect([percentOf(999, 1000), percentOf(1000, 1000), percentOf(1, 0), percentOf(undefined, 5)]).toEqual([
    99,
    100,
    undefined,
    undefined,
  ]);
  expect(nameOfNode("rack-1-abcdefg2")).toBe("rack-1");
});
