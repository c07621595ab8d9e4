// All that the lab, the tests and the story need, made ready side by side where one does not wait for another.

import { ensureBundles } from "./bundles.mjs";
import { environmentWith } from "./environment.mjs";
import { ensureDebianPackages } from "./needs/debian-packages.mjs";
import { ensureGuest } from "./needs/guest.mjs";
import { ensurePulumiCli } from "./needs/pulumi-cli.mjs";
import { ensureWireguardGo, wireguardPackages } from "./needs/wireguard-go.mjs";

/** Makes everything ready; resolves to the environment to run our programs in. */
export async function ensureEverything(steps, { withPulumi = true } = {}) {
  const hostSide = async () => {
    await ensureDebianPackages(steps, await wireguardPackages());
    return ensureGuest(steps);
  };
  const goSide = async () => {
    const wireguardGo = await ensureWireguardGo(steps);
    return { wireguardGo, pulumiFolder: withPulumi ? await ensurePulumiCli(steps) : undefined };
  };
  const [guest, tools] = await allOrFirstFailure([hostSide(), goSide(), ensureBundles(steps)]);
  return environmentWith({ guest, ...tools });
}

// Waits for all before it reports a failure: a step that is cut in the middle would only have to be mended later.
async function allOrFirstFailure(promises) {
  const results = await Promise.allSettled(promises);
  const failed = results.find((result) => result.status === "rejected");
  if (failed !== undefined) throw failed.reason;
  return results.map((result) => result.value);
}
