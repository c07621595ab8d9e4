// `leea logs VM`: what the guest printed on its serial console, or QEMU's own words, as plain bytes on standard output.
// With --follow it goes on with the VM to wherever that moves.

import { once } from "node:events";
import type { Readable } from "node:stream";
import { isLeeaError } from "../../model/errors";
import { chooseHosts } from "../hosts/choose-hosts";
import { findAgain } from "../hosts/find-again";
import { mergeVms, type PlacedVm } from "../hosts/merge-vms";
import { pickVm } from "../hosts/pick";
import type { HostWay } from "../hosts/stack-export";
import { closeSurveys, surveyHosts } from "../hosts/survey";
import { exitCodes } from "../words/exit-codes";
import { countOf, type ParsedWords } from "../words/parse-words";

const usualLines = 200;

interface LogsWish {
  readonly log: "console" | "qemu";
  readonly lines: number;
  readonly follow: boolean;
}

/** Prints the log; with --follow until the VM is gone, or Ctrl-C. */
export async function logsCommand(parsed: ParsedWords): Promise<number> {
  const wish: LogsWish = {
    log: parsed.switches.has("qemu") ? "qemu" : "console",
    lines: Math.min(999_999, countOf(parsed, "lines", usualLines)),
    follow: parsed.switches.has("follow"),
  };
  const { hosts } = await chooseHosts(parsed);
  const surveys = await surveyHosts(hosts);
  try {
    const vm = pickVm(parsed.args[0] ?? "", mergeVms(surveys), surveys);
    await print(vm, wish);
    return wish.follow ? await followOn(hosts, vm, wish) : exitCodes.done;
  } finally {
    closeSurveys(surveys);
  }
}

/** The stream ended: the VM left that host, or the way to it broke. */
async function followOn(hosts: readonly HostWay[], before: PlacedVm, wish: LogsWish): Promise<number> {
  const { vmId, spec } = before.report;
  let nodeId = before.report.nodeId;
  for (;;) {
    const { vm, surveys } = await findAgain(hosts, vmId);
    try {
      if (vm === undefined) {
        say(`${spec.name} is on no host that answers any more`);
        return exitCodes.notFound;
      }
      const isElsewhere = vm.report.nodeId !== nodeId;
      say(isElsewhere ? `${spec.name} is on ${vm.host.node.name} now` : "reached again; a few lines may be missing");
      nodeId = vm.report.nodeId;
      await print(vm, { ...wish, lines: isElsewhere ? usualLines : 0 });
    } finally {
      closeSurveys(surveys);
    }
  }
}

async function print({ report, host }: PlacedVm, wish: LogsWish): Promise<void> {
  try {
    await copyOut(await host.session.openLog({ vmId: report.vmId, ...wish }));
  } catch (error) {
    const isBroken = !isLeeaError(error) || error.code === "NOT_FOUND";
    if (!wish.follow || !isBroken) throw error;
  }
}

async function copyOut(stream: Readable): Promise<void> {
  for await (const part of stream) if (!process.stdout.write(part as Buffer)) await once(process.stdout, "drain");
}

function say(text: string): void {
  process.stderr.write(`[${text}]\n`);
}
