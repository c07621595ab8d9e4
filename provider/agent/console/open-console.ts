// A person at a VM's serial console: an HTTP upgrade (RFC 9110, 7.8) of the control socket becomes the guest's bytes in
// both directions. Nothing is interpreted, and nothing of it is logged but what the guest itself prints.

import type { Duplex } from "node:stream";
import { LeeaError } from "../../model/errors";
import type { Agent } from "../agent";

/** Joins the stream to the console. Errors: NOT_FOUND, NOT_ALLOWED_NOW (it does not run here), IN_USE (somebody is there). */
export function openConsole(agent: Agent, vmId: string, { stream, take }: { stream: Duplex; take: boolean }): void {
  const record = agent.records.get(vmId);
  if (record === undefined)
    throw new LeeaError({ code: "NOT_FOUND", message: `this host has no VM ${vmId}`, hint: "Run `leea status`." });
  const console = agent.machines.get(vmId)?.console;
  if (console === undefined)
    throw new LeeaError({
      code: "NOT_ALLOWED_NOW",
      message: `the VM "${record.spec.name}" does not run on this host (record: ${record.role})`,
      hint: "A VM that is stopped has no console; `leea logs` shows what it printed last.",
      details: { role: record.role },
    });
  console.attach(stream, take);
}

/** What a console request without an upgrade is told. */
export function needsUpgrade(): LeeaError {
  return new LeeaError({
    code: "PROTOCOL_INVALID",
    message: "a console is opened by an HTTP upgrade to leea-console",
    hint: "Use `leea console VM`.",
  });
}
