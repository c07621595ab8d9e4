// Files by content on this host: kernels, RAM disks, disk images. A file appears under its hash only when every byte
// has been checked; an interrupted upload leaves nothing that anybody reads.

import { createHash, randomUUID } from "node:crypto";
import { open, rename } from "node:fs/promises";
import type { Readable } from "node:stream";
import { LeeaError } from "../../model/errors";
import type { ContentHash } from "../../model/vm-spec";
import type { AgentContext } from "../agent-context";

/** Path of a stored file. */
export function imagePath(ctx: AgentContext, hash: ContentHash): string {
  return `${ctx.paths.storage}/images/${hash}`;
}

/** True where the host has the content. */
export function hasImage(ctx: AgentContext, hash: ContentHash): Promise<boolean> {
  return ctx.system.exists(imagePath(ctx, hash));
}

/** Stores a stream under its hash. Errors: IMAGE_INVALID (the bytes have another hash), DISK_SPACE_SHORT. */
export async function putImage(ctx: AgentContext, hash: ContentHash, body: Readable): Promise<{ sizeBytes: number }> {
  await ctx.system.makeFolder(`${ctx.paths.storage}/images`, 0o711);
  const temporary = `${imagePath(ctx, hash)}.${randomUUID()}.part`;
  try {
    const sizeBytes = await receive(temporary, hash, body);
    await rename(temporary, imagePath(ctx, hash));
    return { sizeBytes };
  } catch (error) {
    await ctx.system.remove(temporary);
    if ((error as NodeJS.ErrnoException).code !== "ENOSPC") throw error;
    throw new LeeaError({
      code: "DISK_SPACE_SHORT",
      message: `no room for the image under ${ctx.paths.storage}`,
      hint: "Free space on the host, or choose another storagePath.",
      cause: error,
    });
  }
}

async function receive(path: string, hash: ContentHash, body: Readable): Promise<number> {
  const digest = createHash("sha256");
  const file = await open(path, "wx", 0o644);
  let sizeBytes = 0;
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      digest.update(chunk);
      sizeBytes += chunk.length;
      await file.writeFile(chunk);
    }
    await file.sync();
  } finally {
    await file.close();
  }
  if (digest.digest("hex") !== hash)
    throw new LeeaError({
      code: "IMAGE_INVALID",
      message: "the bytes that arrived do not have the hash that was announced",
      hint: "Run again; the file may have changed while it was read.",
    });
  return sizeBytes;
}
