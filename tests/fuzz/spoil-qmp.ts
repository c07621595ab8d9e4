// What a QEMU might say instead of what it should: lines that are no JSON, of wrong types, without fields, half, huge, twice,
// late, never, with states nobody knows, and events that nobody expects. It never says a plausible lie.

import fc, { type Arbitrary } from "fast-check";
import type { Rewrite } from "../fakes/fake-monitor";

/** One line that is spoilt: the `at`-th of those that QEMU says, from 0. */
export interface Spoilt {
  readonly at: number;
  readonly how: string;
  readonly value: unknown;
}

const hows = [
  ...["garbage", "notObject", "half", "huge", "twice", "late", "never", "end", "binary", "oddReturn", "oddError"],
  ...["dropField", "retypeField", "oddState", "oddId", "oddEvent", "noEvent", "oddTimestamp"],
];

/** Some lines to spoil among the first `lines` ones. */
export function arbitrarySpoiling(lines: number): Arbitrary<readonly Spoilt[]> {
  const spoilt = fc.record({
    at: fc.nat(lines - 1),
    how: fc.constantFrom(...hows),
    value: fc.jsonValue({ maxDepth: 2 }),
  });
  return fc.uniqueArray(spoilt, { minLength: 1, maxLength: 3, selector: ({ at }) => at });
}

/** Speaks so. Counted from the first line after it was set. */
export function spoilLines(spoiling: readonly Spoilt[]): Rewrite {
  let count = -1;
  let held: string[] = [];
  return (line) => {
    count += 1;
    const found = spoiling.find(({ at }) => at === count);
    const parts = found === undefined ? [line] : spoil(line, found);
    if (parts === "late") {
      held.push(line);
      return [];
    }
    const all = [...parts, ...held];
    held = [];
    return all;
  };
}

function spoil(line: string, { how, value }: Spoilt): readonly string[] | "late" {
  const message = JSON.parse(line) as Record<string, unknown>;
  const asLine = (changed: unknown): readonly string[] => [`${JSON.stringify(changed)}\r\n`];
  const event = (fields: object): readonly string[] => [
    `${JSON.stringify({ event: "MIGRATION", ...fields })}\r\n`,
    line,
  ];
  switch (how) {
    case "garbage":
      return ["{nonsense\r\n", line];
    case "binary":
      return ["\u0000\ufffd\r\n", line];
    case "notObject":
      return [`${JSON.stringify(typeof value === "object" && value !== null ? [value] : value)}\r\n`, line];
    case "half":
      return [line.slice(0, line.length / 2), "end"];
    case "huge":
      return ["x".repeat(17 * 1024 * 1024), line];
    case "twice":
      return [line, line];
    case "late":
      return "late";
    case "never":
      return [];
    case "end":
      return ["end"];
    case "oddReturn":
      return "return" in message ? asLine({ ...message, return: value }) : [line];
    case "oddError":
      return "return" in message ? asLine({ id: message["id"], error: value }) : [line];
    case "oddId":
      return asLine({ ...message, id: value });
    case "oddEvent":
      return event({ data: value, timestamp: value });
    case "oddTimestamp":
      return asLine({ ...message, timestamp: value });
    case "noEvent":
      return "event" in message ? [] : [line];
    case "oddState":
      return asLine(JSON.parse(line.replace(/"status":"[^"]*"/, '"status":"unheard-of"')));
    default:
      return asLine(changeField(message, how, value));
  }
}

/** The first field of what was returned or told goes, or gets another value. */
function changeField(message: Record<string, unknown>, how: string, value: unknown): unknown {
  const holder = message["return"] ?? message["data"];
  if (typeof holder !== "object" || holder === null) return message;
  const [name] = Object.keys(holder);
  if (name === undefined) return message;
  const changed = Array.isArray(holder) ? [...(holder as unknown[])] : { ...holder };
  if (how === "dropField") delete (changed as Record<string, unknown>)[name];
  else (changed as Record<string, unknown>)[name] = value;
  return { ...message, ["return" in message ? "return" : "data"]: changed };
}
