// A file to the host over a command channel: compressed on the way, checked by SHA-256 there, and only then given its
// name. A broken upload leaves nothing that could be taken for the file.

import { createReadStream } from "node:fs";
import { pipeline } from "node:stream";
import { constants, createGzip } from "node:zlib";
import { LeeaError } from "../../model/errors";
import type { HostLink } from "../host-link";

/** What goes where. `destination` is a path below /opt/leea. `hash` is the SHA-256 in hex. */
export interface FileUpload {
  readonly source: string;
  readonly destination: string;
  readonly hash: string;
  readonly mode: "644" | "755";
}

const uploadTimeoutMs = 600_000;

// $1: destination, $2: SHA-256, $3: mode.
const receiveScript = String.raw`
folder=$(dirname "$1")
mkdir -p "$folder" || exit 1
draft=$1.$$
trap 'rm -f "$draft"' EXIT
umask 077
gzip -dc >"$draft" || exit 1
echo "$2  $draft" | sha256sum -c >/dev/null || exit 65
chmod "$3" "$draft" && mv -f "$draft" "$1"
`;

/** Uploads a file and gives it its name. COMMAND_FAILED with the host's reason. */
export async function uploadFile(link: HostLink, upload: FileUpload): Promise<void> {
  const packed = createGzip({ level: constants.Z_BEST_SPEED });
  // An unreadable source ends the stream, and the host finds the wrong sum.
  pipeline(createReadStream(upload.source), packed, () => undefined);
  const result = await link.runAsRoot({
    script: receiveScript,
    args: [upload.destination, upload.hash, upload.mode],
    stdin: packed,
    timeoutMs: uploadTimeoutMs,
  });
  if (result.exitCode === 0) return;
  throw new LeeaError({
    code: "COMMAND_FAILED",
    message: `Unable to upload ${upload.destination} to host "${link.label}": ${result.stderr.trim() || "what arrived is not what was sent"}`,
    hint: "Check the free space and the mount options of /opt on the host, then run again.",
    details: { exitCode: result.exitCode },
  });
}
