// Disks as flat sparse raw files, made from nothing or from a stored image. An image is looked at and converted by a
// child without rights, with limits of time, memory and file size; one that points at other files is refused.

import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { LeeaError } from "../../model/errors";
import { type ImageHead, imageHeadBytes, readImageHead } from "../../model/inputs/image-head";
import type { ContentHash, DiskSpec } from "../../model/vm-spec";
import type { AgentContext } from "../agent-context";
import { imagePath } from "./image-store";

const jailUid = 65534;
const convertTimeoutMs = 30 * 60_000;

/** Without rights, 1 GiB of address space, 10 minutes of processor time, files of that size at most; setpriv(1), prlimit(1). */
function jail(fileSizeBytes: number): readonly string[] {
  const limits = ["--as=1073741824", "--cpu=600", `--fsize=${fileSizeBytes}`, "--core=0"];
  const user = ["--reuid", String(jailUid), "--regid", String(jailUid), "--clear-groups"];
  return ["prlimit", ...limits, "--", "setpriv", ...user, "--no-new-privs", "--bounding-set=-all", "--"];
}

/** What `qemu-img info --output=json` says, as far as it is used. */
interface ImageInfo {
  readonly format: string;
  readonly "virtual-size": number;
  readonly "backing-filename"?: string;
  readonly "format-specific"?: { readonly data?: { readonly "data-file"?: string } };
}

/**
 * Says what an image is. By its first bytes before any program opens it, as a header can name other files. Errors: IMAGE_INVALID
 * for a format other than raw or qcow2, one that names other files, one with damage (a cut-short qcow2 would read as zeros).
 */
export async function inspectImage(
  ctx: AgentContext,
  hash: ContentHash,
): Promise<{ format: "raw" | "qcow2"; virtualBytes: number }> {
  const head = await readStoredHead(ctx, hash);
  if ("problem" in head) throw invalid(`it ${head.problem}`);
  // Without this, a raw image would be probed: its first bytes were judged, so its format is known.
  const argv = [...jail(0), "qemu-img", "info", "-f", head.format, "--output=json", imagePath(ctx, hash)];
  const shown = await ctx.system.run(argv, { timeoutMs: 30_000, acceptExitCodes: [0, 1] });
  if (shown.exitCode !== 0) throw invalid(`qemu-img cannot read it: ${shown.stderr.trim().slice(-200)}`);
  const info = parseInfo(shown.stdout);
  if (info.format !== "raw" && info.format !== "qcow2") throw invalid(`it has the format ${info.format}`);
  if (info["backing-filename"] !== undefined) throw invalid("it is a qcow2 with a backing file");
  if (info["format-specific"]?.data?.["data-file"] !== undefined)
    throw invalid("it is a qcow2 with an external data file");
  if (info.format === "qcow2") await checkQcow2(ctx, hash);
  return { format: info.format, virtualBytes: info["virtual-size"] };
}

function parseInfo(text: string): ImageInfo {
  try {
    return JSON.parse(text) as ImageInfo;
  } catch {
    // A file name in its header that is no UTF-8 is one way to this.
    throw invalid("qemu-img says nothing readable about it");
  }
}

/** Exit codes of `qemu-img check`: 0 is sound, 3 has leaked clusters (harmless), 2 is damaged (qemu-img(1)). */
async function checkQcow2(ctx: AgentContext, hash: ContentHash): Promise<void> {
  const argv = [...jail(0), "qemu-img", "check", "-f", "qcow2", imagePath(ctx, hash)];
  const checked = await ctx.system.run(argv, { timeoutMs: convertTimeoutMs, acceptExitCodes: [0, 1, 2, 3] });
  if (checked.exitCode === 1 || checked.exitCode === 2)
    throw invalid("it is a qcow2 with damage or was cut short (`qemu-img check` tells more)");
}

async function readStoredHead(ctx: AgentContext, hash: ContentHash): Promise<ImageHead> {
  // A link in the store was put there by somebody else, and may lead to any file of root's.
  const file = await open(imagePath(ctx, hash), constants.O_RDONLY | constants.O_NOFOLLOW).catch((cause: unknown) => {
    throw (cause as NodeJS.ErrnoException).code === "ELOOP"
      ? invalid("the host's copy of it is a link")
      : absent(cause);
  });
  try {
    if (!(await file.stat()).isFile()) throw invalid("the host's copy of it is no file");
    const { bytesRead, buffer } = await file.read(Buffer.alloc(imageHeadBytes), 0, imageHeadBytes, 0);
    return readImageHead(buffer.subarray(0, bytesRead), (await file.stat()).size);
  } finally {
    await file.close();
  }
}

/** Makes the disk unless it is there, or grows it. Owner is the VM's own user. The file is whole when it gets its name. */
export async function ensureDisk(ctx: AgentContext, path: string, disk: DiskSpec, uid: number): Promise<void> {
  if (!(await ctx.system.exists(path))) {
    const temporary = `${path}.part`;
    await ctx.system.remove(temporary);
    if (disk.image !== undefined) await copyImage(ctx, disk.image, temporary, disk.sizeBytes);
    await ctx.system.run(["truncate", "--size", String(disk.sizeBytes), "--", temporary]);
    await ctx.system.run(["chmod", "600", "--", temporary]);
    await ctx.system.setOwner(temporary, uid, uid);
    await ctx.system.run(["mv", "--no-target-directory", "--", temporary, path]);
    return;
  }
  await refuseLink(ctx, path, disk.name);
  await ctx.system.setOwner(path, uid, uid);
  await ctx.system.run(["truncate", "--size", `>${disk.sizeBytes}`, "--", path]);
}

/** Growing a link would grow, and QEMU would write, the file that it leads to. */
async function refuseLink(ctx: AgentContext, path: string, name: string): Promise<void> {
  const { exitCode } = await ctx.system.run(["test", "-L", path], { acceptExitCodes: [0, 1] });
  if (exitCode !== 0) return;
  throw new LeeaError({
    code: "IMAGE_INVALID",
    message: `the file of disk "${name}" is a link: ${path}`,
    hint: "leea makes plain files only. Look where it leads and who put it there; with the disk in its place, run again.",
  });
}

async function copyImage(ctx: AgentContext, hash: ContentHash, path: string, sizeBytes: number): Promise<void> {
  const { format, virtualBytes } = await inspectImage(ctx, hash);
  if (virtualBytes > sizeBytes)
    throw invalid(`its disk has ${virtualBytes} bytes and the declared size is ${sizeBytes}`);
  if (format === "raw") {
    await ctx.system.run(["cp", "--reflink=auto", "--sparse=always", "--", imagePath(ctx, hash), path], {
      timeoutMs: convertTimeoutMs,
    });
    return;
  }
  await ctx.system.writeText(path, "");
  await ctx.system.setOwner(path, jailUid, jailUid);
  await ctx.system.run(
    [...jail(sizeBytes), "qemu-img", "convert", "-f", "qcow2", "-O", "raw", "-S", "4k", imagePath(ctx, hash), path],
    { timeoutMs: convertTimeoutMs },
  );
}

function absent(cause: unknown): LeeaError {
  return new LeeaError({
    code: "IMAGE_INVALID",
    message: "the host has no such image",
    hint: "Run again: it is sent anew.",
    cause,
  });
}

function invalid(why: string): LeeaError {
  return new LeeaError({
    code: "IMAGE_INVALID",
    message: `the image cannot be used: ${why}`,
    hint: "Give a raw image, or a qcow2 that stands alone (qemu-img convert makes one).",
  });
}
