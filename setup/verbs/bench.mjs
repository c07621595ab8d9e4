// `npm run bench`: measures the product beside its floor and its peers, which it makes ready where a row asks for them.

import { ensureEverything } from "../everything.mjs";
import { ensureBenchPeers } from "../needs/bench-peers.mjs";
import { ensureTrivialProvider } from "../needs/trivial-provider.mjs";
import { ensureMirror } from "../package/mirror.mjs";
import { runLeea } from "./leea.mjs";

/** Rows that have libvirt, and those that have its Terraform provider, beside leea. */
const WITH_LIBVIRT = ["moves", "pings", "create"];
const WITH_TERRAFORM = ["create"];
/** The row that plans with leea's provider, and with one that does nothing. */
const WITH_PROVIDER = "plan";

/** Runs the verb; resolves to the exit status of the measurement. */
export async function run(args, steps) {
  const env = await ensureEverything(steps);
  const providers = isWanted(args, WITH_PROVIDER) ? await packagedProviders(steps) : {};
  const wanted = (names) => !args.includes("--no-peers") && names.some((name) => isWanted(args, name));
  const withLibvirt = wanted(WITH_LIBVIRT);
  const peers = await ensureBenchPeers(steps, { withLibvirt, withTerraform: wanted(WITH_TERRAFORM) });
  return runLeea(["bench", ...args], { ...env, ...providers, ...peers });
}

async function packagedProviders(steps) {
  const { program } = await ensureMirror(steps);
  return { LEEA_BENCH_PROVIDER: program, LEEA_BENCH_TRIVIAL_PROVIDER: ensureTrivialProvider(program) };
}

function isWanted(args, name) {
  const at = args.indexOf("--only");
  const only = at === -1 ? args.find((word) => word.startsWith("--only="))?.slice(7) : args[at + 1];
  return only === undefined || only.split(",").includes(name);
}
