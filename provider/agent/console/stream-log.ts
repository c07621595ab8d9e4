// A VM's serial output, or QEMU's own words, as a stream of plain bytes: what is kept, or what comes from now on. A
// stream that follows goes on through stops and starts, and ends when the VM is no longer this host's.

import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { LeeaError } from "../../model/errors";
import type { Agent } from "../agent";
import { vmLogFiles } from "../qemu/vm-log-files";
import { tailFile } from "./tail-file";

/** Which log (`console` or `qemu`), how many of its last lines, and whether to go on then. */
export interface LogWish {
  readonly vmId: string;
  readonly log: string;
  readonly lines: number;
  readonly follow: boolean;
}

/** Writes the log to the reply and ends it. Error: NOT_FOUND. */
export async function streamLog(agent: Agent, wish: LogWish, reply: ServerResponse): Promise<void> {
  const { vmId, lines, follow } = wish;
  if (!isHere(agent, vmId))
    throw new LeeaError({
      code: "NOT_FOUND",
      message: `this host does not have the VM ${vmId} now, and keeps no logs of it`,
      hint: "Run `leea status` to see where it is.",
    });
  let isHungUp = false;
  reply.on("close", () => (isHungUp = true));
  reply.writeHead(200, { "content-type": "application/octet-stream", "cache-control": "no-store" });
  reply.flushHeaders();
  const files = vmLogFiles(agent.ctx.paths, vmId);
  const tail = tailFile({
    path: wish.log === "qemu" ? files.qemu : files.console,
    lines,
    isOver: () => !follow || isHungUp || !isHere(agent, vmId),
  });
  for await (const part of tail) {
    if (isHungUp) return;
    if (!reply.write(part)) await Promise.race([once(reply, "drain"), once(reply, "close")]);
  }
  reply.end();
}

function isHere(agent: Agent, vmId: string): boolean {
  return ["owner", "incoming", "released"].includes(agent.records.get(vmId)?.role ?? "");
}
