// The files of this machine that a VM names: where they are, and what is in them. Reads only; holds no file in memory.

import { statSync } from "node:fs";
import { resolve } from "node:path";
import type { VMInputs } from "../../../../schema/generated/declared";
import type { Problem } from "../../../model/errors";
import { asObject, asObjects, asText } from "../../../model/inputs/loose-values";
import { diskContentKey } from "../../../model/inputs/vm-spec-of";
import { hashFile } from "../../install/choose-runtime";
import type { Values } from "../handler-context";

/** A file that a VM names. `key` is its place among the contents. */
export interface LocalFile {
  readonly key: string;
  readonly path: string;
}

/** The boot files, as absolute paths. */
export function listBootFiles(inputs: VMInputs, folder: string): LocalFile[] {
  const boot = asObject(inputs.boot);
  return ["kernel", "initrd"].flatMap((name) => {
    const path = asText(boot[name]);
    return path === undefined ? [] : [{ key: `boot.${name}`, path: resolve(folder, path) }];
  });
}

/** The images that fill new disks: those of disks that `existing` does not name. */
export function listImages(inputs: VMInputs, folder: string, existing: ReadonlySet<string>): LocalFile[] {
  return inputs.disks.flatMap((disk) =>
    disk.image === undefined || existing.has(disk.name)
      ? []
      : [{ key: diskContentKey(disk.name), path: resolve(folder, disk.image) }],
  );
}

/** A problem for each file that is named now, was not named before, and is not there. */
export function findMissingFiles(declared: Values, previous: Values | undefined, folder: string): Problem[] {
  const before = new Set(namedFiles(previous ?? {}).map(([, path]) => path));
  return namedFiles(declared)
    .filter(([, path]) => !before.has(path) && !isFile(resolve(folder, path)))
    .map(([field, path]) => ({ field, message: `there is no file ${resolve(folder, path)}` }));
}

function namedFiles(values: Values): (readonly [field: string, path: string])[] {
  const boot = asObject(values["boot"]);
  const named: (readonly [string, unknown])[] = [
    ["boot.kernel", boot["kernel"]],
    ["boot.initrd", boot["initrd"]],
    ...asObjects(values["disks"]).map((disk, index) => [`disks[${index}].image`, disk["image"]] as const),
  ];
  return named.flatMap(([field, value]) => {
    const path = asText(value);
    return path === undefined ? [] : [[field, path] as const];
  });
}

/** SHA-256 of each file that exists, by key; a file that is gone has no entry. */
export async function hashFiles(files: readonly LocalFile[]): Promise<Record<string, string>> {
  const hashes: Record<string, string> = {};
  for (const { key, path } of files) if (isFile(path)) hashes[key] = await hashFile(path);
  return hashes;
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}
