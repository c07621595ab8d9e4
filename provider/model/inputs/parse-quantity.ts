// Sizes, rates and durations as text with a unit, and back. One number, one unit, exact: a text that would have to be
// rounded or guessed is refused with an example of what to write. Never accepts a bare number.

import type { Quantity } from "../../../schema/field";

/** The value in the base unit (bytes, bits per second, milliseconds), or what is wrong with the text. */
export type ParsedQuantity =
  | { readonly ok: true; readonly value: number }
  | { readonly ok: false; readonly message: string };

interface QuantityWords {
  /** Units with their size in the base unit, smallest first. */
  readonly units: readonly (readonly [name: string, size: number])[];
  readonly noun: string;
  readonly example: string;
}

const KIB = 1024;

/** Base units: bytes; bits per second (decimal, as network gear counts); milliseconds. */
const quantityWords: Readonly<Record<Quantity, QuantityWords>> = {
  bytes: {
    units: [
      ["B", 1],
      ["KiB", KIB],
      ["MiB", KIB ** 2],
      ["GiB", KIB ** 3],
      ["TiB", KIB ** 4],
      ["PiB", KIB ** 5],
    ],
    noun: "size",
    example: "4GiB",
  },
  rate: {
    units: [
      ["bps", 1],
      ["kbps", 1e3],
      ["Mbps", 1e6],
      ["Gbps", 1e9],
      ["Tbps", 1e12],
    ],
    noun: "rate",
    example: "10Gbps",
  },
  duration: {
    units: [
      ["ms", 1],
      ["s", 1000],
      ["m", 60_000],
      ["h", 3_600_000],
      ["d", 86_400_000],
    ],
    noun: "duration",
    example: "45m",
  },
};

/** Reads "8GiB", "1.5GiB", "10Gbps", "30ms". Values are whole numbers of the base unit, up to 2^53 - 1. */
export function parseQuantity(text: string, quantity: Quantity): ParsedQuantity {
  const words = quantityWords[quantity];
  const match = /^([0-9]{1,16})(?:\.([0-9]{1,16}))?([A-Za-z]+)$/.exec(text);
  const size = words.units.find(([name]) => name === match?.[3])?.[1];
  if (match === null || size === undefined) return { ok: false, message: explainText(text, words) };
  const value = exactProduct(match[1] ?? "0", match[2] ?? "", size);
  if (value === undefined) return refuse(text, "is not a whole number of its smallest unit", words);
  if (value > Number.MAX_SAFE_INTEGER) return refuse(text, "is larger than anything that can be made", words);
  return { ok: true, value: Number(value) };
}

/** The shortest text with a whole number: 8589934592 bytes is "8GiB". The inverse of parseQuantity. */
export function formatQuantity(value: number, quantity: Quantity): string {
  const units = quantityWords[quantity].units;
  const fitting = units.filter(([, size]) => value >= size && value % size === 0).at(-1) ?? units[0];
  return fitting === undefined ? String(value) : `${value / fitting[1]}${fitting[0]}`;
}

/** True where both texts mean the same value; texts that cannot be read are equal only letter by letter. */
export function sameQuantity(left: string, right: string, quantity: Quantity): boolean {
  const [a, b] = [parseQuantity(left, quantity), parseQuantity(right, quantity)];
  return a.ok && b.ok ? a.value === b.value : left === right;
}

/** Whole and fraction digits times the unit, without floating point; undefined where it is not whole. */
function exactProduct(whole: string, fraction: string, size: number): bigint | undefined {
  const scaled = BigInt(whole + fraction) * BigInt(size);
  const divisor = 10n ** BigInt(fraction.length);
  return scaled % divisor === 0n ? scaled / divisor : undefined;
}

function refuse(text: string, problem: string, words: QuantityWords): ParsedQuantity {
  return { ok: false, message: `${show(text)} ${problem}; write a ${words.noun} such as "${words.example}"` };
}

function explainText(text: string, words: QuantityWords): string {
  const units = words.units.map(([name]) => name).join(", ");
  const loose = /^\s*([0-9]+(?:\.[0-9]+)?)\s*([A-Za-z/]*)\s*$/.exec(text);
  if (loose === null) return `${show(text)} is no ${words.noun}; write a number and a unit, such as "${words.example}"`;
  const [number, unit] = [loose[1] ?? "", loose[2] ?? ""];
  if (unit === "") return `${show(text)} has no unit (${units}); write for example "${words.example}"`;
  const near = nearestUnit(unit, words);
  if (near === unit) return `${show(text)} has a space in it; write "${number}${unit}"`;
  if (near !== undefined)
    return `${show(text)} has no unit that is known (${units}); write for example "${number}${near}"`;
  return `${show(text)} has no unit that is known (${units}); write for example "${words.example}"`;
}

/** The unit that was probably meant: the same letters in another case, or the shortest with the same first letter. */
function nearestUnit(unit: string, words: QuantityWords): string | undefined {
  const names = words.units.map(([name]) => name);
  const lower = unit.toLowerCase();
  return (
    names.find((name) => name === unit) ??
    names.find((name) => name.toLowerCase() === lower) ??
    names.filter((name) => name.toLowerCase().startsWith(lower.charAt(0))).sort((a, b) => a.length - b.length)[0]
  );
}

function show(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text);
}
