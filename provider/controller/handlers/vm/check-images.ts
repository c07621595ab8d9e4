// Judges the images that a VM names by their first bytes, on this machine, so that a file that is no image is told in
// preview and is never sent to a host. The host judges again: it trusts nobody's word on what it opens.

import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { resolve } from "node:path";
import type { Problem } from "../../../model/errors";
import { type ImageHead, imageHeadBytes, readImageHead } from "../../../model/inputs/image-head";
import { asObjects, asText } from "../../../model/inputs/loose-values";
import { formatQuantity, parseQuantity } from "../../../model/inputs/parse-quantity";
import type { Values } from "../handler-context";

/** A problem for each image that is named now, was not before, and cannot fill its disk. Files that are not there are told elsewhere. */
export function findBadImages(declared: Values, previous: Values | undefined, folder: string): Problem[] {
  const before = new Set(asObjects(previous?.["disks"]).map((disk) => asText(disk["image"])));
  return asObjects(declared["disks"]).flatMap((disk, index) => {
    const image = asText(disk["image"]);
    if (image === undefined || before.has(image)) return [];
    const head = readHead(resolve(folder, image));
    if (head === undefined) return [];
    if ("problem" in head)
      return [{ field: `disks[${index}].image`, message: `${resolve(folder, image)} ${head.problem}` }];
    return checkSize(head.virtualBytes, asText(disk["size"]), `disks[${index}].size`);
  });
}

function checkSize(virtualBytes: number, size: string | undefined, field: string): Problem[] {
  const parsed = size === undefined ? undefined : parseQuantity(size, "bytes");
  if (parsed?.ok !== true || parsed.value >= virtualBytes) return [];
  const needed = formatQuantity(virtualBytes, "bytes");
  return [
    { field, message: `${size} is too little for its image, whose disk has ${needed}; write "${needed}" or more` },
  ];
}

/** Undefined for what is no readable file: that is another mistake, told in its own words. */
function readHead(path: string): ImageHead | undefined {
  let file: number;
  try {
    file = openSync(path, "r");
  } catch {
    return undefined; // missing or closed to us: named by whoever looks for missing files
  }
  try {
    const status = fstatSync(file);
    if (!status.isFile()) return undefined;
    const head = Buffer.alloc(imageHeadBytes);
    return readImageHead(head.subarray(0, readSync(file, head, 0, imageHeadBytes, 0)), status.size);
  } finally {
    closeSync(file);
  }
}
