// The list of types that a VF can still be given, as NVIDIA's vendor VFIO driver writes it (`nvidia/creatable_vgpu_types`).
// The same file is spelt with the number first or last, with and without a colon and a headline; a line that is no
// type is left out.

import { type GpuProfile, memoryOfVgpuName } from "./gpu-profile";

const numberFirst = /^(\d{1,9})\s*:?\s+(\S.*?)$/;
const numberLast = /^(\S.*?)\s*:?\s+(\d{1,9})$/;

/** The types of a `creatable_vgpu_types` text; empty for a VF that has a type, and for one that nothing fits any more. */
export function parseCreatableTypes(text: string): readonly GpuProfile[] {
  return text.split("\n").flatMap((line) => parseLine(line.trim()) ?? []);
}

/** The number in `current_vgpu_type`; undefined for none (`0`, or empty). */
export function parseCurrentType(text: string): string | undefined {
  const found = /^\s*([1-9]\d{0,8})\b/.exec(text)?.[1];
  return found;
}

function parseLine(line: string): GpuProfile | undefined {
  const first = numberFirst.exec(line);
  const last = first === null ? numberLast.exec(line) : null;
  const id = first?.[1] ?? last?.[2];
  const name = (first?.[2] ?? last?.[1] ?? "").replace(/\s*:$/, "").trim();
  if (id === undefined || name === "" || !/[a-z]/i.test(name)) return undefined;
  const memoryBytes = memoryOfVgpuName(name);
  return { id: String(Number(id)), name, ...(memoryBytes === undefined ? {} : { memoryBytes }) };
}
