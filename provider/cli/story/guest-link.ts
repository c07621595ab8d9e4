// Talks to the test guest from any host's network. Questions are repeated until answered; the guest acts on each once.
import { LeeaError } from "../../model/errors";
import type { GuestAnswer, GuestCommand } from "./guest-answers";
import type { RunIn } from "./guest-client";
import { clientArgv, collectOutput } from "./guest-client";
import type { LedgerEntry } from "./ledger";
import { parseLedger } from "./ledger";

const DEFAULT_DEADLINE_MS = 10_000;
const VERIFY_DEADLINE_MS = 120_000; // reads 64 MiB a disk without a cache, possibly on an emulated CPU
const UNANSWERED_STATUS = 2;

/**
 * Gives the guest's answer to a command such as "status" or "connect 10.0.0.3 80".
 * Throws TIMED_OUT when the guest did not answer by the deadline, COMMAND_FAILED when the client could not run.
 */
export async function askGuest<Command extends GuestCommand>(
  runIn: RunIn,
  address: string,
  command: Command,
  deadlineMs = command === "verify" || command === "survey" ? VERIFY_DEADLINE_MS : DEFAULT_DEADLINE_MS,
): Promise<GuestAnswer<Command>> {
  const argv = clientArgv("ask.mjs", ["--deadline-ms", String(deadlineMs), address, ...command.split(" ")]);
  const output = await collectOutput(runIn(argv));
  if (output.status !== 0) throw clientFailure(`ask the guest at ${address} for "${command}"`, output);
  return JSON.parse(output.text) as GuestAnswer<Command>;
}

/** Gives the guest's ledger of acknowledged blocks. Throws TIMED_OUT when it did not come whole within 15 s. */
export async function fetchLedger(runIn: RunIn, address: string): Promise<readonly LedgerEntry[]> {
  const output = await collectOutput(runIn(clientArgv("fetch-ledger.mjs", [address])));
  if (output.status !== 0) throw clientFailure(`fetch the ledger of the guest at ${address}`, output);
  return parseLedger(output.text);
}

function clientFailure(act: string, output: { readonly status: number | null; readonly complaint: string }): LeeaError {
  return new LeeaError({
    code: output.status === UNANSWERED_STATUS ? "TIMED_OUT" : "COMMAND_FAILED",
    message: `Unable to ${act}: ${output.complaint || "the client said nothing"}`,
    hint: "look at the VM's console and at the route to its address on the asking host",
    details: { status: output.status },
  });
}
