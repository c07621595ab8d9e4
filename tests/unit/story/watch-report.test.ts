// The arithmetic of the watching client: losses and silences must be those that happened, no more and no fewer.
import {
  LineTally,
  PingTally,
  parsePingLine,
  splitLines,
  unwrapSequence,
} from "../../../examples/live-migration/client/watch-report";

const answer = (sequence: number, atSeconds: number) =>
  `[${atSeconds.toFixed(6)}] 64 bytes from 10.100.0.5: icmp_seq=${sequence} ttl=64 time=0.512 ms`;
const silence = (sequence: number, atSeconds: number) =>
  `[${atSeconds.toFixed(6)}] no answer yet for icmp_seq=${sequence}`;

function tallyOf(lines: readonly string[]): PingTally {
  const tally = new PingTally();
  for (const line of lines) tally.take(line);
  return tally;
}

describe("reading ping", () => {
  test("an answer and a silence are told apart", () => {
    expect(parsePingLine(answer(7, 100.5))).toEqual({ kind: "answer", sequence: 7, atMs: 100500 });
    expect(parsePingLine(silence(8, 100.6))).toEqual({ kind: "silence", sequence: 8, atMs: 100600 });
  });

  test("a router's error and ping's own headings are no answers", () => {
    expect(parsePingLine("[100.1] From 169.254.1.1 icmp_seq=3 Destination Host Unreachable")).toBeUndefined();
    expect(parsePingLine("PING 10.100.0.5 (10.100.0.5) 56(84) bytes of data.")).toBeUndefined();
    expect(parsePingLine("")).toBeUndefined();
  });

  test("a number that wrapped goes on, and one that comes late keeps its turn", () => {
    expect(unwrapSequence(0, 65535)).toBe(65536);
    expect(unwrapSequence(3, 65530)).toBe(65539);
    expect(unwrapSequence(65533, 65539)).toBe(65533);
    expect(unwrapSequence(1, 0)).toBe(1);
  });
});

describe("counting pings", () => {
  test("numbers never answered are lost", () => {
    const tally = tallyOf([answer(1, 1), silence(2, 1.02), silence(3, 1.03), answer(4, 1.03)]);
    tally.close(1040);
    expect(tally.report()).toMatchObject({ sent: 4, lost: 2, longestGapMs: 30 });
  });

  test("an answer after the stop settles an earlier number and opens no new one", () => {
    const tally = tallyOf([answer(1, 1), silence(2, 1.02)]);
    tally.close(1020);
    tally.take(answer(2, 1.5));
    tally.take(answer(3, 1.51));
    expect(tally.report()).toMatchObject({ sent: 2, lost: 0, longestGapMs: 20 });
  });

  test("a silence that lasts until the stop is a gap", () => {
    const tally = tallyOf([answer(1, 1), answer(2, 1.01), silence(3, 1.03), silence(4, 1.04)]);
    tally.close(3010);
    expect(tally.report()).toEqual({ sent: 4, lost: 2, longestGapMs: 2000, longestGapAtMs: 1010 });
  });

  test("without any answer there is no gap to speak of and all is lost", () => {
    const tally = tallyOf([silence(1, 1), silence(2, 2)]);
    tally.close(3000);
    expect(tally.report()).toEqual({ sent: 2, lost: 2, longestGapMs: null, longestGapAtMs: null });
  });

  test("a hole is found on either side of the wrap", () => {
    const lines = Array.from({ length: 65540 }, (_, index) => index + 1)
      .filter((sequence) => sequence !== 65535 && sequence !== 65538)
      .map((sequence) => answer(sequence % 65536, sequence / 100));
    const tally = tallyOf(lines);
    tally.close(655400);
    expect(tally.report()).toMatchObject({ sent: 65540, lost: 2, longestGapMs: 20 });
  });
});

describe("counting the lines of a connection", () => {
  test("a connection lives only when a line came after the stop", () => {
    const tally = new LineTally(0);
    tally.take("1 20", 20);
    tally.close(40);
    expect(tally.report()).toMatchObject({ alive: false, lines: 1 });
    tally.take("2 40", 41);
    expect(tally.report()).toMatchObject({ alive: true, lines: 1, longestGapMs: 20 });
  });

  test("a connection that ended does not live, whatever it said", () => {
    const tally = new LineTally(0);
    tally.take("1", 1);
    tally.close(2);
    tally.take("2", 3);
    tally.end();
    expect(tally.report().alive).toBe(false);
  });

  test("a missing counter is counted and denies life", () => {
    const tally = new LineTally(0);
    for (const [line, atMs] of [
      ["1", 1],
      ["4", 2],
      ["5", 3],
    ] as const)
      tally.take(line, atMs);
    tally.close(4);
    tally.take("6", 5);
    expect(tally.report()).toMatchObject({ alive: false, lostCounters: 2 });
  });

  test("a counter that goes back or is no number is counted as well", () => {
    const tally = new LineTally(0);
    for (const line of ["1", "1", "x"]) tally.take(line, 1);
    expect(tally.report().lostCounters).toBe(2);
  });
});

test("lines are whole however the chunks are cut", () => {
  const lines: string[] = [];
  const take = splitLines((line) => lines.push(line));
  for (const chunk of ["1 2", "0\n2 4", "0\n\n3"]) take(chunk);
  expect(lines).toEqual(["1 20", "2 40", ""]);
});
