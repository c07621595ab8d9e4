// What a row of looks at a stream tells.

import { ProgressMeter } from "../../../provider/model/move/progress-meter";

function meterOf(...looks: readonly (readonly [atMs: number, sent: number, left: number])[]): ProgressMeter {
  const meter = new ProgressMeter();
  for (const [atMs, sent, left] of looks) meter.note(atMs, sent, left);
  return meter;
}

test("a stream that was looked at once has no rate, and neither stands nor goes", () => {
  const meter = meterOf([1_000, 500, 500]);
  expect([meter.bytesPerSecond, meter.stillMs, meter.noNearerMs]).toEqual([0, 0, 0]);
  expect(meter.describe(500, 1_000)).toEqual({ bytesDone: 500, bytesTotal: 1_000, bytesPerSecond: 0 });
});

test("the rate is that of the last seconds, and the time left follows from it", () => {
  const meter = meterOf([0, 0, 10_000], [60_000, 100, 9_900], [64_000, 4_100, 5_900]);
  expect(meter.bytesPerSecond).toBe(1_000);
  expect(meter.describe(4_100, 10_000)).toMatchObject({ bytesPerSecond: 1_000, secondsLeft: 6 });
});

test("a stream stands since the last look at which more was sent", () => {
  expect(meterOf([0, 0, 9], [100, 5, 4], [200, 5, 4], [700, 5, 4]).stillMs).toBe(600);
  expect(meterOf([0, 0, 9], [100, 5, 4], [200, 6, 4]).stillMs).toBe(0);
});

test("a stream that goes on and gets no nearer is told from one that does", () => {
  const endless = meterOf([0, 0, 9], [100, 5, 4], [200, 10, 6], [900, 40, 4]);
  expect([endless.stillMs, endless.noNearerMs]).toEqual([0, 800]);
  expect(meterOf([0, 0, 9], [100, 5, 4], [900, 8, 3]).noNearerMs).toBe(0);
});
