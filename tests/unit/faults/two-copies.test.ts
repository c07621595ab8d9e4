// What the watch of the fault runs makes of what it hears, without a QEMU: an overlap is an overlap to the microsecond, and
// the last words of a QEMU that is gone already are heard before its end.

import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Monitor } from "../../faults/watch/monitor";
import { RunningTimes } from "../../faults/watch/running-times";

const one = { pid: 1, host: "a" };
const other = { pid: 2, host: "b" };

test("a copy that stops as the other begins is no double run, and one that stops later is", () => {
  const times = new RunningTimes();
  times.began(one, 1000);
  times.ended(one.pid, 2000.001);
  times.began(other, 2000.001);
  expect(times.findDoubleRuns()).toEqual([]);
  times.began(one, 2500);
  times.ended(one.pid, 2500.5);
  expect(times.findDoubleRuns()).toMatchObject([{ fromMs: 2500, lastedMs: 0.5 }]);
});

test("two copies that still run are a double run, and one that ran twice is none", () => {
  const times = new RunningTimes();
  times.began(one, 1000);
  times.ended(one.pid, 1100);
  times.began(one, 1200);
  expect(times.findDoubleRuns()).toEqual([]);
  times.began(other, 1300);
  expect(times.findDoubleRuns()).toMatchObject([{ fromMs: 1300, lastedMs: undefined }]);
});

test("a QEMU's last words are heard before its end, though it is gone when they are read", async () => {
  const folder = mkdtempSync(join(tmpdir(), "leea-monitor-"));
  const path = join(folder, "people.sock");
  const server = createServer((socket) => {
    const timestamp = { seconds: 10, microseconds: 500 };
    socket.end(`${JSON.stringify({ event: "STOP", timestamp })}\n`); // and it dies
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  const heard: string[] = [];
  await new Promise<void>((resolve) => {
    new Monitor(path, {
      onEvent: ({ name, atMs }) => heard.push(`${name} ${atMs}`),
      onStatus: () => undefined,
      onEnd: () => {
        heard.push("end");
        resolve();
      },
    });
  });
  expect(heard).toEqual(["STOP 10000.5", "end"]);
  server.close();
  rmSync(folder, { recursive: true });
});
