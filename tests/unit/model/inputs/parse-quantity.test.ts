// Quantities: exact values, one way to write each, and refusals that say what to write instead.

import fc from "fast-check";
import { formatQuantity, parseQuantity, sameQuantity } from "../../../../provider/model/inputs/parse-quantity";
import type { Quantity } from "../../../../schema/field";

const quantities: readonly Quantity[] = ["bytes", "rate", "duration"];

describe("parseQuantity", () => {
  it.each([
    ["8GiB", "bytes", 8_589_934_592],
    ["8192MiB", "bytes", 8_589_934_592],
    ["1.5GiB", "bytes", 1_610_612_736],
    ["512B", "bytes", 512],
    ["10Gbps", "rate", 10_000_000_000],
    ["2.5Gbps", "rate", 2_500_000_000],
    ["30ms", "duration", 30],
    ["45m", "duration", 2_700_000],
    ["0ms", "duration", 0],
  ] as const)("reads %s as %s: %d", (text, quantity, value) => {
    expect(parseQuantity(text, quantity)).toEqual({ ok: true, value });
  });

  it.each([
    ["4 G", "bytes", '"4 G" has no unit that is known (B, KiB, MiB, GiB, TiB, PiB); write for example "4GiB"'],
    ["4 GiB", "bytes", '"4 GiB" has a space in it; write "4GiB"'],
    ["4GB", "bytes", '"4GB" has no unit that is known (B, KiB, MiB, GiB, TiB, PiB); write for example "4GiB"'],
    ["4gib", "bytes", '"4gib" has no unit that is known (B, KiB, MiB, GiB, TiB, PiB); write for example "4GiB"'],
    ["4096", "bytes", '"4096" has no unit (B, KiB, MiB, GiB, TiB, PiB); write for example "4GiB"'],
    ["1e30GiB", "bytes", '"1e30GiB" is no size; write a number and a unit, such as "4GiB"'],
    ["-1GiB", "bytes", '"-1GiB" is no size; write a number and a unit, such as "4GiB"'],
    ["", "bytes", '"" is no size; write a number and a unit, such as "4GiB"'],
    [
      "9007199254740992B",
      "bytes",
      '"9007199254740992B" is larger than anything that can be made; write a size such as "4GiB"',
    ],
    ["0.3B", "bytes", '"0.3B" is not a whole number of its smallest unit; write a size such as "4GiB"'],
    ["10gbps", "rate", '"10gbps" has no unit that is known (bps, kbps, Mbps, Gbps, Tbps); write for example "10Gbps"'],
    ["5 minutes", "duration", '"5 minutes" has no unit that is known (ms, s, m, h, d); write for example "5m"'],
  ] as const)("refuses %j and says what to write", (text, quantity, message) => {
    expect(parseQuantity(text, quantity)).toEqual({ ok: false, message });
  });

  it("is the inverse of formatQuantity for every value", () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), fc.constantFrom(...quantities), (value, quantity) => {
        expect(parseQuantity(formatQuantity(value, quantity), quantity)).toEqual({ ok: true, value });
      }),
    );
  });

  it("never throws and never gives a value that is not a whole number", () => {
    fc.assert(
      fc.property(fc.string(), fc.constantFrom(...quantities), (text, quantity) => {
        const parsed = parseQuantity(text, quantity);
        expect(parsed.ok ? Number.isSafeInteger(parsed.value) : parsed.message.length > 0).toBe(true);
      }),
    );
  });
});

describe("formatQuantity", () => {
  it.each([
    [8_589_934_592, "bytes", "8GiB"],
    [1_610_612_736, "bytes", "1536MiB"],
    [1, "bytes", "1B"],
    [0, "duration", "0ms"],
    [90_000, "duration", "90s"],
  ] as const)("writes %d %s as %s", (value, quantity, text) => {
    expect(formatQuantity(value, quantity)).toBe(text);
  });
});

describe("sameQuantity", () => {
  it("compares by value", () => {
    expect(sameQuantity("8GiB", "8192MiB", "bytes")).toBe(true);
    expect(sameQuantity("8GiB", "8GB", "bytes")).toBe(false);
  });
});
