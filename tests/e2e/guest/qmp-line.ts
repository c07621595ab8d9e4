// The least of a QMP client: one command, one answer. For tests of the guest only; the agent has the real one.
import type { Socket } from "node:net";
import { createConnection } from "node:net";
import { createInterface } from "node:readline";

/** Sends one command to a QMP socket (after its greeting) and gives what it returns; QEMU's error is thrown as its text. */
export async function sendQmpCommand(
  path: string,
  command: string,
  args: Readonly<Record<string, unknown>> = {},
): Promise<unknown> {
  const socket: Socket = createConnection(path);
  try {
    socket.write('{"execute":"qmp_capabilities"}\n');
    socket.write(`${JSON.stringify({ execute: command, id: command, arguments: args })}\n`);
    for await (const line of createInterface({ input: socket })) {
      const message = JSON.parse(line) as { id?: string; error?: { desc: string }; return?: unknown };
      if (message.error !== undefined) throw new Error(`QMP ${command}: ${message.error.desc}`);
      if (message.id === command) return message.return;
    }
    throw new Error(`QMP ${command}: the monitor closed`);
  } finally {
    socket.destroy();
  }
}
