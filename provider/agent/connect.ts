// Relays this process's standard input and output to the agent's socket: the way in for logins that reach root by sudo
// only, and where sshd forwards to no socket. It adds, drops and logs nothing.

import { createConnection } from "node:net";

/** Exit code where nothing listens on the socket (EX_UNAVAILABLE of sysexits.h). */
const unavailableExitCode = 69;

/** Relays until either end closes. Sets the exit code: 0, or 69 with a line on standard error where no agent listens. */
export function connectStdio(socketPath: string): Promise<void> {
  return new Promise((resolve) => {
    const socket = createConnection({ path: socketPath, allowHalfOpen: true });
    const end = (exitCode: number): void => {
      process.stdin.unpipe(socket);
      process.stdin.destroy();
      socket.destroy();
      process.exitCode ??= exitCode;
      resolve();
    };
    socket.once("error", (error) => {
      process.stderr.write(`no agent listens on ${socketPath}: ${error.message}\n`);
      end(unavailableExitCode);
    });
    socket.once("close", () => end(0));
    // The caller hung up: what the agent has yet to say has no reader.
    process.stdout.once("error", () => end(0));
    socket.once("connect", () => {
      process.stdin.pipe(socket);
      socket.pipe(process.stdout, { end: false });
      process.stdin.once("end", () => socket.end());
      socket.once("end", () => socket.end());
    });
  });
}
