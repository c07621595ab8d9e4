// Keeps the end of what a guest prints on its serial console. The chardev is a socket and this its reader, because a
// file of QEMU's own (`logfile=`, `-serial file:`) grows without bound at the guest's will, and a ring buffer inside
// QEMU dies with it. What is printed while no agent runs is dropped; what is read is never held back from the guest.

import { appendFile, rename, stat } from "node:fs/promises";
import { connect } from "node:net";
import type { Log } from "../log";

/** From where to where. At `maxBytes` the file becomes FILE.1: at most twice that is kept (absent: 1 MiB). */
export interface ConsoleFollowing {
  readonly socketPath: string;
  readonly logPath: string;
  readonly maxBytes?: number;
}

/** A console that is being read. */
export interface FollowedConsole {
  /** Resolves when QEMU has ended, or the reading was ended. Never rejects. */
  readonly ended: Promise<void>;
  /** Ends the reading. */
  close(): void;
}

const defaultMaxBytes = 1024 * 1024;

/** Reads a console into a bounded file. A full disk loses output and is logged once; the guest goes on. */
export function followConsole(following: ConsoleFollowing, log: Log): FollowedConsole {
  const socket = connect(following.socketPath);
  let complained = false;
  const complain = (error: unknown): void => {
    if (!complained) log.write("warn", "console-not-kept", { path: following.logPath, error: String(error) });
    complained = true;
  };
  const read = async (): Promise<void> => {
    for await (const chunk of socket) await appendBounded(following, chunk as Buffer).catch(complain);
  };
  return { ended: read().catch(complain), close: () => void socket.destroy() };
}

async function appendBounded({ logPath, maxBytes = defaultMaxBytes }: ConsoleFollowing, chunk: Buffer): Promise<void> {
  const sizeBytes = await stat(logPath).then(
    ({ size }) => size,
    () => 0, // not there yet
  );
  if (sizeBytes > 0 && sizeBytes + chunk.length > maxBytes) await rename(logPath, `${logPath}.1`);
  await appendFile(logPath, chunk.subarray(-maxBytes), { mode: 0o600 });
}
