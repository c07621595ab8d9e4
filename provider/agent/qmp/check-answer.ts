// Whether what QEMU gave for a command has the shape that we read from it (QAPI, the parts in commands.ts). A QEMU that a guest
// has broken may answer anything: nothing of it is used before this has looked at it.

import type { QmpCommandName } from "./commands";

type Look = (value: unknown) => boolean;

const text: Look = (value) => typeof value === "string";
const number: Look = (value) => typeof value === "number" && Number.isFinite(value);
const flag: Look = (value) => typeof value === "boolean";
const maybe =
  (look: Look): Look =>
  (value) =>
    value === undefined || look(value);
const list =
  (look: Look): Look =>
  (value) =>
    Array.isArray(value) && value.every(look);
const fields =
  (looks: Readonly<Record<string, Look>>): Look =>
  (value) =>
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    Object.entries(looks).every(([name, look]) => look((value as Readonly<Record<string, unknown>>)[name]));

const ram = fields({
  transferred: number,
  remaining: number,
  total: number,
  mbps: number,
  "dirty-pages-rate": number,
  "dirty-sync-count": number,
  "page-size": number,
});

const shapes: { readonly [C in QmpCommandName]?: Look } = {
  "query-status": fields({ status: text, running: flag }),
  "query-uuid": fields({ UUID: text }),
  "query-version": fields({ qemu: fields({ major: number, minor: number, micro: number }) }),
  "query-cpus-fast": list(fields({ "cpu-index": number, "thread-id": number })),
  "query-block-jobs": list(
    fields({ device: text, type: text, len: number, offset: number, ready: flag, status: text }),
  ),
  "query-migrate-capabilities": list(fields({ capability: text, state: flag })),
  "query-migrate": fields({
    status: maybe(text),
    "total-time": maybe(number),
    downtime: maybe(number),
    "expected-downtime": maybe(number),
    "setup-time": maybe(number),
    "error-desc": maybe(text),
    "blocked-reasons": maybe(list(text)),
    ram: maybe(ram),
  }),
  "query-yank": list(fields({ type: text })),
};

/** True where the value may be taken for the command's answer. What a command gives that nobody reads is not looked at. */
export function isAnswerOf(command: string, value: unknown): boolean {
  return shapes[command as QmpCommandName]?.(value) ?? true;
}
