// `leea console VM`: this terminal, or this pipe, at the VM's serial port. When the VM moves, the console goes with it.

import type { Duplex } from "node:stream";
import { chooseHosts } from "../hosts/choose-hosts";
import { findAgain } from "../hosts/find-again";
import { mergeVms, type PlacedVm } from "../hosts/merge-vms";
import { pickVm } from "../hosts/pick";
import { closeSurveys, surveyHosts } from "../hosts/survey";
import { exitCodes } from "../words/exit-codes";
import { countOf, type ParsedWords } from "../words/parse-words";
import { type Keyboard, openKeyboard } from "./keyboard";

/** Connects until the person leaves, the input ends, or the VM does not run any more. */
export async function consoleCommand(parsed: ParsedWords): Promise<number> {
  const lingerMs = countOf(parsed, "linger", 1) * 1_000;
  const { hosts } = await chooseHosts(parsed);
  let surveys: Awaited<ReturnType<typeof surveyHosts>> = await surveyHosts(hosts);
  const first = pickVm(parsed.args[0] ?? "", mergeVms(surveys), surveys);
  const { vmId, spec } = first.report;
  let keyboard: Keyboard | undefined;
  try {
    let stream = await open(first, parsed.switches.has("take"));
    keyboard = openKeyboard(lingerMs);
    say(`${spec.name} on ${first.host.node.name}${process.stdin.isTTY ? "; Ctrl-] leaves" : ""}`);
    for (;;) {
      if ((await join(stream, keyboard)) === "left") return exitCodes.done;
      closeSurveys(surveys);
      const again = await findAgain(hosts, vmId);
      surveys = [...again.surveys];
      if (again.vm === undefined || again.vm.report.state !== "running") {
        say(`${spec.name} is ${again.vm?.report.state ?? "on no host that answers"}`);
        return exitCodes.done;
      }
      if (keyboard.isLeft()) return exitCodes.done;
      // Whoever took the console from us keeps it: only a new host, or a new start, is followed.
      stream = await open(again.vm, false);
      say(`${spec.name} on ${again.vm.host.node.name}`);
    }
  } finally {
    keyboard?.close();
    closeSurveys(surveys);
  }
}

function open({ report, host }: PlacedVm, take: boolean): Promise<Duplex> {
  return host.session.openConsole({ vmId: report.vmId, take });
}

/** Joins keyboard and console. `ended`: the console did; `left`: the person did. */
function join(stream: Duplex, keyboard: Keyboard): Promise<"ended" | "left"> {
  return new Promise((resolve) => {
    stream.on("data", (part: Buffer) => void process.stdout.write(part));
    stream.on("error", () => stream.destroy()); // the way broke; `close` follows
    stream.on("close", () => resolve("ended"));
    stream.on("end", () => {
      stream.end();
      resolve("ended");
    });
    keyboard.typeInto(stream, () => {
      stream.end();
      resolve("left");
    });
  });
}

function say(text: string): void {
  process.stderr.write(`${process.stdin.isTTY ? "\r" : ""}[${text}]${process.stdin.isTTY ? "\r" : ""}\n`);
}
