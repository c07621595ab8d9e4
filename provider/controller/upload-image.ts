// A file of this machine to a host's image store, by content: a host that holds it already is not sent it again. The
// file is read twice (to name it, to send it); a file that changes in between is refused by the host.

import { createReadStream, type Stats } from "node:fs";
import { stat } from "node:fs/promises";
import { Transform } from "node:stream";
import { LeeaError } from "../model/errors";
import type { ContentHash } from "../model/vm-spec";
import type { Progress } from "../protocol/operation";
import type { AgentClient } from "./agent-link/agent-client";
import { hashFile } from "./install/choose-runtime";

const uploads = new WeakMap<AgentClient, Map<ContentHash, Promise<void>>>();
const reportIntervalMs = 500;

/** Makes sure that the host holds the file. IMAGE_INVALID when it is missing here or no plain file. */
export async function uploadImage(
  client: AgentClient,
  path: string,
  onProgress: (progress: Progress) => void,
): Promise<ContentHash> {
  const status = await readStatus(path);
  const hash = await hashFile(path);
  const sending = uploads.get(client)?.get(hash);
  if (sending !== undefined) await sending;
  else await sendOnce(client, { path, hash, sizeBytes: status.size }, onProgress);
  return hash;
}

interface ImageFile {
  readonly path: string;
  readonly hash: ContentHash;
  readonly sizeBytes: number;
}

// Thirty VMs of one image send it to a host once: who comes later waits for who came first.
function sendOnce(client: AgentClient, file: ImageFile, onProgress: (progress: Progress) => void): Promise<void> {
  const ofClient = uploads.get(client) ?? new Map<ContentHash, Promise<void>>();
  uploads.set(client, ofClient);
  const sending = sendImage(client, file, onProgress).finally(() => ofClient.delete(file.hash));
  ofClient.set(file.hash, sending);
  return sending;
}

async function sendImage(
  client: AgentClient,
  file: ImageFile,
  onProgress: (progress: Progress) => void,
): Promise<void> {
  const params = { hash: file.hash };
  const { present } = await client.send("hasImage", { params });
  if (present) return;
  const source = createReadStream(file.path);
  const counted = source.pipe(countBytes(file.sizeBytes, onProgress));
  source.on("error", (cause) => counted.destroy(cause));
  try {
    await client.send("putImage", { params, stream: { source: counted, sizeBytes: file.sizeBytes } });
  } finally {
    source.destroy();
  }
}

async function readStatus(path: string): Promise<Stats> {
  const problem = (what: string, cause?: unknown): LeeaError =>
    new LeeaError({
      code: "IMAGE_INVALID",
      message: `Unable to use image "${path}": ${what}`,
      hint: "Give the path of an image file on the machine that runs this.",
      details: { path },
      cause,
    });
  const status = await stat(path).catch((cause: unknown) => {
    throw problem("the file cannot be read", cause);
  });
  if (!status.isFile()) throw problem("it is not a plain file");
  return status;
}

function countBytes(bytesTotal: number, onProgress: (progress: Progress) => void): Transform {
  let [bytesDone, reportedAtMs] = [0, 0];
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytesDone += chunk.length;
      if (Date.now() - reportedAtMs >= reportIntervalMs || bytesDone === bytesTotal) {
        reportedAtMs = Date.now();
        onProgress({ phase: "upload", bytesDone, bytesTotal });
      }
      done(null, chunk);
    },
  });
}
