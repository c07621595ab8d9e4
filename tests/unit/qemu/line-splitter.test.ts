// Framing: lines come out whole and in order, however the bytes arrive.

import fc from "fast-check";
import { LineSplitter } from "../../../provider/agent/qmp/line-splitter";

function cut(bytes: Buffer, places: readonly number[]): readonly Buffer[] {
  const ends = [...places.map((place) => place % (bytes.length + 1)), bytes.length].sort((one, other) => one - other);
  return ends.map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end));
}

test("any lines cut at any bytes come out as they were", () => {
  const line = fc.string({ unit: "binary" }).map((text) => text.replaceAll(/[\r\n]/g, ""));
  fc.assert(
    fc.property(fc.array(line), fc.array(fc.nat()), fc.constantFrom("\n", "\r\n"), (lines, places, end) => {
      const bytes = Buffer.from(lines.map((text) => text + end).join(""));
      const splitter = new LineSplitter(1024 * 1024);
      expect(cut(bytes, places).flatMap((chunk) => splitter.feed(chunk))).toEqual(lines);
    }),
  );
});

test("what no newline has ended is kept back", () => {
  const splitter = new LineSplitter(100);
  expect(splitter.feed(Buffer.from("half"))).toEqual([]);
  expect(splitter.feed(Buffer.from(" a line\nand"))).toEqual(["half a line"]);
});

test("a line over the limit is refused, whether it comes at once or in parts", () => {
  expect(() => new LineSplitter(10).feed(Buffer.from("x".repeat(11)))).toThrow(/more than 10 bytes/);
  const splitter = new LineSplitter(10);
  splitter.feed(Buffer.from("123456"));
  expect(() => splitter.feed(Buffer.from("78901\n"))).toThrow(/more than 10 bytes/);
});

test("the limit is a line's, not the stream's", () => {
  const splitter = new LineSplitter(10);
  expect(splitter.feed(Buffer.from("1234567890\n1234567890\n".repeat(50)))).toHaveLength(100);
});
